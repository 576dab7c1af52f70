import type { RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { CallBench, say } from '../../../test/support/call-bench.js';
import type { Call } from '../call.js';

const begin = { kind: 'begin' } as const;
const digit = (pressed: string) => ({ kind: 'digit', channelId: 'caller', digit: pressed }) as const;
const said = (call: Call) => ({ kind: 'flow', input: { kind: 'said', step: call.flow?.step ?? 0 } }) as const;
const both = (es: string, en: string) => ({ say: { es, en } });
const bye = { kind: 'hangup' } as const;
const played = (bench: CallBench) => bench.last.effects.find((effect) => effect.kind === 'play');

describe('a voicemail', () => {
  const BOX: RouteInput['nodes'] = {
    a: { kind: 'voicemail', maxSeconds: 30, silenceSeconds: 4, mailbox: '201', next: 'thanks', onNothing: 'nothing' },
    thanks: { kind: 'hangup', prompt: say('gracias') }, nothing: { kind: 'hangup', prompt: say('nada') },
  };
  const FILE = { durationMs: 2_000, bytes: 32_044, location: 'recordings/r.wav' } as const;
  const taking = (more: Partial<RouteInput> = {}) => new CallBench(BOX, more).run(begin);
  const idOf = (bench: CallBench) => bench.call.recordings.find((each) => each.voicemail)?.recordingId ?? '';
  const ready = (bench: CallBench) => ({ kind: 'recording_ready', recordingId: idOf(bench), ...FILE }) as const;

  it('is a recording of its own, told as such with its mailbox', () => {
    const bench = taking();
    expect(bench.last.effects).toContainEqual({ kind: 'record', recordingId: idOf(bench), channels: 'mono', message: { maxSeconds: 30, silenceSeconds: 4 } });
    expect(bench.facts.at(-1)).toEqual({ name: 'RecordingStarted', data: { recordingId: idOf(bench), announced: true, channels: 'mono', purpose: 'voicemail', mailbox: '201' } });
  });

  it('is ended by its finish key and no other, and the route goes on when its file is there', () => {
    const bench = taking().run(digit('1'));
    expect(bench.lastEffects).toEqual([]);
    bench.run(digit('#'));
    expect(bench.last.effects).toEqual([{ kind: 'stop_record', recordingId: idOf(bench), channels: 'mono' }]);
    bench.run(ready(bench));
    expect(bench.last.facts).toEqual([{ name: 'RecordingReady', data: { recordingId: idOf(bench), format: 'wav', channels: 'mono', purpose: 'voicemail', mailbox: '201', ...FILE } }]);
    expect(played(bench)).toMatchObject({ text: 'gracias' });
  });

  it('in which nothing was said is told by nobody, and leads where the route says', () => {
    const bench = taking();
    bench.run({ kind: 'recording_failed', recordingId: idOf(bench) });
    expect(bench.last.facts).toEqual([]);
    expect(played(bench)).toMatchObject({ text: 'nada' });
  });

  it('is kept when the caller hangs up, and told after the end', () => {
    const bench = taking().run({ kind: 'leg_gone', channelId: 'caller', cause: 16 });
    expect(bench.last.effects.at(-1)).toMatchObject({ kind: 'tear_down', recordings: [{ recordingId: idOf(bench), channels: 'mono' }] });
    bench.run(ready(bench));
    expect(bench.factNames.slice(-2)).toEqual(['CallEnded', 'RecordingReady']);
    expect(bench.last.effects).toEqual([]);
  });

  it('is no recording of the call: that one goes on, is begun, paused and stopped beside it', () => {
    const bench = taking({ recording: { enabled: true } });
    expect(bench.call.recordings.map(({ voicemail }) => voicemail?.mailbox)).toEqual([undefined, '201']);
    const plain = taking().run({ kind: 'record', recordingId: 'r1', announced: false, channels: 'mono' }, { kind: 'record_pause' }, { kind: 'record_stop' });
    expect(plain.last.effects).toEqual([{ kind: 'stop_record', recordingId: 'r1', channels: 'mono' }]);
  });

  it('is stopped by a transfer, and its late end changes nothing of the new route', () => {
    const bench = taking();
    const to = { kind: 'queue', target: 'people', route: new CallBench({ a: { kind: 'queue', queue: 'people', onTimeout: 'bye' }, bye }).call.route, routeRef: null } as const;
    bench.run({ kind: 'transfer', to, requestedBy: 'api' });
    expect(bench.lastEffects).toEqual(['stop_record', 'dial_queue', 'timer']);
    bench.run(ready(bench));
    expect([bench.lastEffects, bench.call.flow?.phase]).toEqual([[], 'queue']);
  });

  it('goes on in the hands of the next gateway, under the same step', () => {
    const bench = taking();
    const { step } = bench;
    bench.run({ kind: 'reowned', channels: { caller: 'Up' }, legs: ['caller'], restarted: true });
    expect(bench.last.effects).toEqual([
      { kind: 'join', leg: expect.objectContaining({ channelId: 'caller' }) },
      { kind: 'record', recordingId: idOf(bench), channels: 'mono', message: { maxSeconds: 30, silenceSeconds: 4 } },
    ]);
    expect(bench.step).toBe(step);
    bench.run(ready(bench));
    expect(played(bench)).toMatchObject({ text: 'gracias' });
  });
});

describe('a schedule', () => {
  it('goes by the gateway’s clock in the tenant’s zone', () => {
    const office: RouteInput['nodes'] = { a: { kind: 'schedule', hours: { mon: ['09:00-18:00'] }, onOpen: 'open', onClosed: 'closed' }, open: { kind: 'announce', prompt: say('abierto'), next: 'bye' }, closed: { kind: 'announce', prompt: say('cerrado'), next: 'bye' }, bye };
    const at = (moment: string) => {
      const bench = new CallBench(office);
      bench.now = Date.parse(moment);
      return played(bench.run(begin));
    };
    expect(at('2026-11-30T12:30:00Z')).toMatchObject({ text: 'abierto' });
    expect(at('2026-11-30T11:30:00Z')).toMatchObject({ text: 'cerrado' });
  });
});

describe('a language', () => {
  const NODES: RouteInput['nodes'] = {
    a: { kind: 'menu', prompt: both('uno', 'one'), digits: { '1': 'gb', '2': 'en' }, onTimeout: 'bye' },
    gb: { kind: 'language', language: 'en', locale: 'en-GB', next: 'hello' }, en: { kind: 'language', language: 'en', next: 'agent' },
    hello: { kind: 'announce', prompt: both('hola', 'hello'), next: 'agent' }, agent: { kind: 'agent', agent: 'default', onHandoff: 'bye', onFailed: 'bye' }, bye: { kind: 'hangup', prompt: both('adiós', 'goodbye') },
  };

  it('is spoken by prompts as the node says, else as the tenant’s country does', () => {
    const bench = new CallBench(NODES).run(begin);
    expect(played(bench)).toMatchObject({ text: 'uno', language: 'es-MX' });
    expect(played(bench.run(digit('1')))).toMatchObject({ text: 'hello', language: 'en-GB' });
    expect(played(bench.run(said, { kind: 'handoff', reason: 'r' }))).toMatchObject({ text: 'goodbye', language: 'en-GB' });
  });

  it('is that of the call from then on: its agent’s, and that of the route it is sent to', () => {
    const bench = new CallBench(NODES).run(begin, digit('2'));
    expect([bench.call.language, bench.lastEffects.includes('attach_agent')]).toEqual(['en', true]);
    const route = new CallBench({ a: { kind: 'announce', prompt: both('hola', 'hello'), next: 'bye' }, bye }).call.route;
    bench.run({ kind: 'transfer', to: { kind: 'route', target: 'other', route, routeRef: null }, requestedBy: 'api' });
    expect(played(bench)).toMatchObject({ text: 'hello', language: 'en-US' });
    expect(bench.call.language).toBe('en');
  });
});
