import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool, type AnyTool, type ToolAnswer } from './tool.js';
import { ToolRunner } from './tool-runner.js';

interface Setup {
  readonly runner: ToolRunner;
  readonly completed: string[];
  readonly ran: unknown[];
  readonly finishSpeaking: () => void;
  readonly answer: (answer: ToolAnswer | Error) => void;
}

function setup(over: Partial<Pick<AnyTool, 'deadlineMs' | 'afterSpeech' | 'cancelledBySpeech'>> = {}): Setup {
  const ran: unknown[] = [];
  const completed: string[] = [];
  let answer: (answer: ToolAnswer | Error) => void = () => {};
  let finishSpeaking = (): void => {};
  const tool = defineTool({
    name: 'transfer_to_person',
    description: '',
    schema: z.object({ reason: z.string() }),
    deadlineMs: 1_000,
    afterSpeech: false,
    cancelledBySpeech: false,
    ...over,
    run: (args) => {
      ran.push(args);
      return new Promise<ToolAnswer>((resolve, reject) => (answer = (given) => (given instanceof Error ? reject(given) : resolve(given))));
    },
  });
  const host = {
    now: () => performance.now(),
    quiet: (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        finishSpeaking = resolve;
        signal.addEventListener('abort', () => resolve());
      }),
  };
  const journal = { toolCalled: () => {}, toolCompleted: ({ outcome }: { outcome: string }) => void completed.push(outcome) };
  return { runner: new ToolRunner([tool], journal, host), completed, ran, finishSpeaking: () => finishSpeaking(), answer: (given) => answer(given) };
}

const request = (call: string, argumentsJson = '{"reason":"asked"}', name = 'transfer_to_person') => ({ call, name, argumentsJson });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('a tool', () => {
  it('runs with checked arguments and its answer goes back', async () => {
    const { runner, ran, answer } = setup();
    const reply = runner.run(request('1', '{"reason":"asked","callId":"of somebody else"}'));
    answer({ ok: true, detail: 'done', final: true });
    expect(await reply).toEqual({ call: '1', output: '{"ok":true,"detail":"done"}', speak: false });
    expect(ran).toEqual([{ reason: 'asked' }]);
  });

  it.each([
    ['arguments that are no JSON', '{"reason":'],
    ['arguments of the wrong type', '{"reason":5}'],
    ['no arguments', ''],
    ['a list', '[]'],
  ])('is refused with %s', async (_, json) => {
    const { runner, ran, completed } = setup();
    const reply = await runner.run(request('1', json));
    expect(JSON.parse(reply.output)).toMatchObject({ ok: false });
    expect([ran, completed]).toEqual([[], ['refused']]);
  });

  it('that nobody offered is refused', async () => {
    const { runner, completed } = setup();
    expect((await runner.run(request('1', '{}', 'delete_everything'))).output).toContain('There is no tool');
    expect(completed).toEqual(['refused']);
  });

  it('runs once however often it is asked for', async () => {
    const { runner, ran, answer, completed } = setup();
    const first = runner.run(request('1'));
    const second = await runner.run(request('2', '{"reason":"other words"}'));
    const repeated = await runner.run(request('1'));
    answer({ ok: true, detail: 'done' });
    await first;
    expect(ran.length).toBe(1);
    expect([second.speak, repeated.speak]).toEqual([false, false]);
    expect(completed).toEqual(['refused', 'refused', 'ok']);
  });

  it('that overruns is told to the model, and its late answer is dropped', async () => {
    const { runner, answer, completed } = setup({ deadlineMs: 20 });
    const reply = await runner.run(request('1'));
    answer(new Error('late failure'));
    await settle();
    expect(JSON.parse(reply.output)).toEqual({ ok: false, detail: 'No answer within 20 ms.' });
    expect(completed).toEqual(['timeout']);
  });

  it('that fails says why', async () => {
    const { runner, answer, completed } = setup();
    const reply = runner.run(request('1'));
    answer(new Error('No service answers.'));
    expect(JSON.parse((await reply).output)).toEqual({ ok: false, detail: 'No service answers.' });
    expect(completed).toEqual(['error']);
  });

  it('waits until the agent has spoken', async () => {
    const { runner, ran, finishSpeaking, answer } = setup({ afterSpeech: true });
    const reply = runner.run(request('1'));
    await settle();
    expect(ran).toEqual([]);
    finishSpeaking();
    await settle();
    answer({ ok: true, detail: 'done' });
    expect((await reply).output).toContain('done');
  });

  it('that only waits is called off when the caller speaks, if it may be', async () => {
    const { runner, ran, completed } = setup({ afterSpeech: true, cancelledBySpeech: true });
    const reply = runner.run(request('1'));
    await settle();
    runner.callerSpoke();
    expect((await reply).speak).toBe(false);
    expect([ran, completed]).toEqual([[], ['cancelled']]);
  });

  it('is cancelled with the conversation', async () => {
    const { runner, completed } = setup();
    const reply = runner.run(request('1'));
    runner.dispose();
    await reply;
    expect([completed, runner.busy]).toEqual([['cancelled'], false]);
  });
});
