import { describe, expect, it } from 'vitest';
import { answers, FRAME, talk, type NotedEngine } from '../../test/support/dialogue-bench.js';
import type { EngineEvent } from '../engine/voice-engine.js';

const LIMITS = { softMs: 10_000, hardMs: 20_000 };
const READY: EngineEvent = { type: 'ready' };
const question = (item: string, text?: string): EngineEvent[] => [
  { type: 'caller-started', agoMs: 0 },
  { type: 'caller-stopped', item, agoMs: 0 },
  ...(text === undefined ? [] : [{ type: 'caller-text', item, text } as const]),
];
const answered = (ms: number, text: string, response: string): EngineEvent[] => [...answers(ms, response, `${response}-item`), { type: 'agent-item-done', response, item: `${response}-item`, text }, { type: 'response-done', response, status: 'completed' }];
const asked = (engine: NotedEngine | undefined): unknown[][] => engine?.asked ?? [];
const lost = (reason = 'closed with 1006'): EngineEvent => ({ type: 'lost', reason });

function talking(over: Parameters<typeof talk>[2] = { limits: LIMITS }) {
  const bench = talk({}, 0, over);
  bench.engine.says(READY, ...question('q1', 'Who are you?'), ...answered(1_000, 'An agent.', 'r1'));
  return bench;
}

describe('a session that grows old', () => {
  it('gives way when nobody speaks; the next one knows what was said, and hears what came since', () => {
    const { after, made, of, dialogue } = talking();
    after(9_980);
    expect(made.length).toBe(1);
    after(100);
    const next = made[1]!;
    expect(next.context?.history).toEqual([{ role: 'caller', text: 'Who are you?' }, { role: 'agent', text: 'An agent.' }]);
    expect(of('engineChanged')).toEqual([]);
    next.says(READY);
    after(40);
    expect(asked(made[0])).toContainEqual(['close']);
    expect(of('engineChanged')).toEqual([expect.objectContaining({ how: 'rolled_over', silentMs: 0 })]);
    expect(next.heardMs).toBeGreaterThanOrEqual(200);
    expect(next.heardMs).toBeLessThanOrEqual(1_100);
    expect(asked(next)).toEqual([]);
    const before = next.heardMs;
    dialogue.callerAudio(FRAME);
    expect(next.heardMs - before).toBe(20);
  });

  it('waits for the end of a turn, and the next one learns of the turns said meanwhile', () => {
    const { after, made, of, engine } = talking();
    after(9_900);
    engine.says({ type: 'caller-started', agoMs: 0 });
    after(400);
    made[1]!.says(READY);
    after(1_000);
    engine.says({ type: 'caller-stopped', item: 'q2', agoMs: 0 }, { type: 'caller-text', item: 'q2', text: 'And now?' }, ...answered(1_000, 'Now this.', 'r2'));
    after(900);
    expect(of('engineChanged')).toEqual([]);
    after(500);
    expect(of('engineChanged').length).toBe(1);
    expect(asked(made[1])).toEqual([['note', 'caller', 'And now?'], ['note', 'agent', 'Now this.']]);
  });

  it('may give way while the agent is only being heard, near the end; an interruption afterwards is told in words', () => {
    const { after, made, of, engine } = talking();
    after(9_000);
    engine.says(...question('q2', 'Tell me all.'), ...answered(9_500, 'one two three four five six seven eight nine ten', 'r2'));
    after(1_100);
    made[1]!.says(READY);
    after(6_000);
    expect(of('engineChanged')).toEqual([]);
    after(1_500);
    expect(of('engineChanged').length).toBe(1);
    expect(asked(made[1])).toEqual([['note', 'agent', 'one two three four five six seven eight nine ten', 'told_4']]);
    made[1]!.says({ type: 'caller-started', agoMs: 0 });
    expect(asked(made[1]).slice(1)).toEqual([['forget', 'told_4'], ['note', 'agent', expect.stringMatching(/^one two .* (eight|nine)$/)]]);
  });

  it('gives way in the middle of an answer when its time is over: the rest is asked of the next one', () => {
    const { after, made, of, engine } = talking();
    after(9_000);
    engine.says(...question('q2', 'Tell me all.'), ...answers(1_000, 'r2', 'i2'));
    after(1_100);
    made[1]!.says(READY);
    for (let more = 0; more < 10; more += 1) {
      engine.says({ type: 'agent-audio', response: 'r2', item: 'i2', audio: new Uint8Array(8_000) });
      after(1_000);
    }
    expect(of('engineChanged').length).toBe(1);
    expect(asked(made[1])).toEqual([expect.arrayContaining(['note', 'agent', 'told_4']), ['respond', expect.stringContaining('Go on exactly from there')]]);
  });

  it('gives the caller’s words to the next one when its time is over in the middle of them', () => {
    const { after, made, of, engine } = talking();
    after(9_000);
    engine.says({ type: 'caller-started', agoMs: 100 });
    after(1_500);
    const next = made[1]!;
    next.says(READY);
    after(9_400);
    expect(of('engineChanged')).toEqual([]);
    after(200);
    expect(of('engineChanged').length).toBe(1);
    expect(next.heardMs).toBeGreaterThanOrEqual(11_300);
    expect(asked(next)).toEqual([]);
    next.says({ type: 'caller-started', agoMs: 11_000 }, ...question('q9', 'A long story.').slice(1));
    expect(of('turn').at(-1)).toMatchObject({ role: 'caller', text: 'A long story.' });
  });

  it('keeps its place when the next one cannot be had, and tries again', () => {
    const { after, made, of } = talking();
    after(10_100);
    made[1]!.says(lost());
    after(4_000);
    expect([made.length, of('engineChanged').length]).toEqual([2, 0]);
    after(1_100);
    made[2]!.says(READY);
    after(40);
    expect(of('engineChanged')).toEqual([expect.objectContaining({ how: 'rolled_over' })]);
  });
});

describe('a session that is lost', () => {
  it('is connected again at once when nobody waits for anything: nothing is said', () => {
    const { after, made, of, engine } = talking();
    after(2_000);
    engine.says(lost());
    const next = made[1]!;
    expect(next.context?.history.length).toBe(2);
    after(300);
    next.says(READY);
    expect(asked(next)).toEqual([]);
    expect(of('engineChanged')).toEqual([expect.objectContaining({ how: 'reconnected', reason: 'closed with 1006', silentMs: 300, attempts: 1 })]);
    expect(next.heardMs).toBeGreaterThanOrEqual(300);
  });

  it('in the middle of an answer: what came of it is heard, and the next one goes on from there', () => {
    const { after, made, of, engine } = talking();
    after(2_000);
    engine.says(...question('q2', 'Tell me.'), ...answers(600, 'r2', 'i2'));
    after(200);
    engine.says(lost());
    expect(asked(made[1])).toEqual([['note', 'agent', 'one two three', 'told_4'], ['respond', expect.stringContaining('Go on exactly from there')]]);
    after(800);
    expect(of('turn').at(-1)).toMatchObject({ number: 4, text: 'one two three', interrupted: false });
    made[1]!.says(READY, ...answered(500, 'four five', 'r3'));
    after(700);
    expect(of('turn').at(-1)).toMatchObject({ number: 5, text: 'four five' });
  });

  it('before its answer was heard: the answer is asked for again', () => {
    const { after, made, engine } = talking();
    after(2_000);
    engine.says(...question('q2', 'Tell me.'), { type: 'response-started', response: 'r2' }, lost());
    expect(made[1]!.context?.history.at(-1)).toEqual({ role: 'caller', text: 'Tell me.' });
    expect(asked(made[1])).toEqual([['respond', expect.stringContaining('unanswered')]]);
  });

  it('before the caller’s words were known: they are heard again, and are one turn', () => {
    const { after, made, of, engine } = talking();
    after(2_000);
    engine.says({ type: 'caller-started', agoMs: 0 });
    after(1_000);
    engine.says({ type: 'caller-stopped', item: 'q2', agoMs: 0 }, lost());
    const next = made[1]!;
    expect(next.heardMs).toBeGreaterThanOrEqual(1_300);
    expect(asked(next)).toEqual([]);
    next.says(READY, ...question('again', 'Heard twice.'), ...answered(400, 'Said once.', 'r2'));
    after(12_000);
    expect(of('turn').map((turn) => [turn['number'], turn['text']])).toEqual([[1, 'Who are you?'], [2, 'An agent.'], [3, 'Heard twice.'], [4, 'Said once.']]);
  });

  it('tells the next one of a tool that was asked for, with its result', async () => {
    const gate = Promise.withResolvers<{ ok: boolean; detail: string }>();
    const { after, made, engine } = talking({ limits: LIMITS, look: () => gate.promise });
    after(2_000);
    engine.says(...question('q2', 'Look.'), { type: 'response-started', response: 'r2' }, { type: 'tool-call', response: 'r2', call: 'c1', name: 'look', argumentsJson: '{}' }, { type: 'response-done', response: 'r2', status: 'completed' }, lost());
    gate.resolve({ ok: true, detail: 'seen' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked(made[1])).toEqual([['retellTool', expect.objectContaining({ call: 'c1', name: 'look', argumentsJson: '{}', output: '{"ok":true,"detail":"seen"}' }), true]]);
    // Told, not answered, and lost again: the third one is told as well.
    made[1]!.says(READY, lost());
    after(1_200);
    expect(asked(made[2])).toEqual([['retellTool', expect.objectContaining({ call: 'c1' }), true]]);
  });

  it('is tried with growing waits, and given up when the caller has waited four seconds', () => {
    const { after, made, of, engine } = talking();
    after(2_000);
    engine.says(lost());
    for (let waited = 0; waited < 3_000; waited += 100) {
      made.at(-1)!.says(lost('refused with HTTP 503'));
      after(100);
    }
    expect(of('engineChanged')).toEqual([]);
    const attempts = made.length - 1;
    expect(attempts).toBeGreaterThanOrEqual(4);
    expect(attempts).toBeLessThanOrEqual(9);
    after(1_100);
    expect(made.at(-1)!.kind).toBe('scripted');
    expect(of('engineChanged')).toEqual([expect.objectContaining({ how: 'gave_up', engine: 'scripted', reason: 'refused with HTTP 503' })]);
  });

  it('is given up at once when every session would be refused', () => {
    const { made, engine } = talking();
    engine.says({ type: 'lost', reason: 'refused with HTTP 401', hopeless: true });
    expect(made.map((each) => each.kind)).toEqual(['openai-realtime', 'scripted']);
  });

  it('may be lost many times in an hour, but not four times in a minute', () => {
    const { after, made, of } = talking({ limits: { softMs: 1e9, hardMs: 2e9 } });
    for (let time = 0; time < 10; time += 1) {
      made.at(-1)!.says(lost());
      made.at(-1)!.says(READY);
      after(25_000);
    }
    expect(of('engineChanged').map((fact) => fact['how'])).toEqual(Array.from({ length: 10 }, () => 'reconnected'));
    for (let time = 0; time < 2; time += 1) {
      made.at(-1)!.says(lost());
      made.at(-1)!.says(READY);
      after(100);
    }
    expect(made.at(-1)!.kind).toBe('scripted');
  });
});
