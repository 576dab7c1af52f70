import { existsSync } from 'node:fs';
import { openStack } from '@troncal/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { RunningTroncal } from './run-troncal.js';

const SECTIONS = ['Timeline', 'Transcript', 'Recording', 'Delays, as measured at the phone', 'Checks'];

describe('troncal call demo', () => {
  let demo: RunningTroncal | undefined;
  afterEach(() => demo?.kill());

  it('holds a whole call with two phones and prints what there is to know of it', { timeout: 180_000 }, async () => {
    const stack = await openStack();
    demo = new RunningTroncal('call', 'demo');
    const code = await demo.ended;
    // The whole output is the message: it says which check failed and why.
    expect(code, `${demo.out}\n${demo.err}`).toBe(0);
    for (const title of SECTIONS) expect(demo.out).toContain(`\n${title}\n`);
    expect(demo.out).toMatch(/demo call [0-9a-f]{8}… from 202 to 100 began\n/);
    expect(demo.out).toMatch(/INVITE → first agent audio +\d/);
    expect(demo.out).toMatch(/end of question → start of answer +\d/);
    expect(demo.out).toMatch(/interruption → silence +\d/);
    expect(demo.out).not.toContain('FAIL');
    const recording = /\nRecording\n {2}(\S+) {2}/.exec(demo.out)?.[1] ?? '';
    expect({ recording, there: existsSync(recording) }).toEqual({ recording, there: true });
    const accounts = (await stack.state()).demo?.accounts ?? {};
    for (const { password } of Object.values(accounts)) expect(`${demo.out}${demo.err}`).not.toContain(password);
  });

  it('ends its call and its registrations on Ctrl-C', { timeout: 120_000 }, async () => {
    const { api } = await openStack();
    const running = (demo = new RunningTroncal('call', 'demo'));
    const { promise: begun, resolve } = Promise.withResolvers<string>();
    const look = setInterval(() => {
      const id = /demo call ([0-9a-f]{8})… from 202 to 100 began/.exec(running.out)?.[1];
      if (id !== undefined) resolve(id);
    }, 50);
    const id = await begun;
    clearInterval(look);
    running.interrupt();
    const interruptedAt = performance.now();
    expect(await running.ended).toBe(130);
    // At once as a person sees it, not when the last of its waits would have run out (45 s).
    expect(performance.now() - interruptedAt).toBeLessThan(15_000);
    const { calls } = await api.expect<{ calls: { callId: string }[] }>('GET', '/api/calls?live=true');
    expect(calls.filter((call) => call.callId.startsWith(id))).toEqual([]);
  });
});
