import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../engine/voice-engine.js';
import { answers, echo, FRAME, speech, talk } from '../../test/support/dialogue-bench.js';

describe('an interruption', () => {
  it('flushes in the same tick, truncates at what was heard and drops what comes late', () => {
    const { engine, sent, commands, after, of } = talk();
    engine.says(...answers(3_000));
    after(1_000);
    engine.says({ type: 'caller-started', agoMs: 60 });
    expect(commands()).toEqual(['flush']);
    expect(engine.asked.filter(([what]) => what !== 'close')).toEqual([
      ['truncate', 'i1', 1_000],
      ['cancel'],
    ]);
    const audioBefore = sent.filter((message) => message.kind === 'audio').length;
    engine.says({ type: 'agent-audio', response: 'r1', item: 'i1', audio: speech(500) }, { type: 'agent-audio', response: 'r1', item: 'i1b', audio: speech(500) }, { type: 'agent-item-done', response: 'r1', item: 'i1', text: 'never' }, { type: 'response-done', response: 'r1', status: 'cancelled' });
    after(200);
    expect(sent.filter((message) => message.kind === 'audio').length).toBe(audioBefore);
    expect(of('turn')).toMatchObject([{ heard: 'one two three', interrupted: true, text: 'one two three four five six seven eight' }]);
    expect(of('interrupted')).toMatchObject([{ turn: 1, heardMs: 1_000 }]);
  });

  it('forgets an item of which nothing was heard, and one queued behind', () => {
    const { engine, after } = talk();
    engine.says(...answers(2_000), { type: 'agent-item-done', response: 'r1', item: 'i1', text: 'first' }, { type: 'response-done', response: 'r1', status: 'completed' }, ...answers(500, 'r2', 'i2'));
    after(400);
    engine.says({ type: 'caller-started', agoMs: 0 });
    expect(engine.asked).toEqual([
      ['truncate', 'i1', 400],
      ['forget', 'i2'],
      ['cancel'],
    ]);
  });

  it('does nothing when the agent is silent', () => {
    const { engine, commands } = talk();
    engine.says({ type: 'caller-started', agoMs: 0 });
    expect([commands(), engine.asked]).toEqual([[], []]);
  });

  it.each([
    ['is off', { bargeIn: { enabled: false, greeting: true, confirmMs: 0, echoGuardDb: null } }],
    ['is off in the greeting', { bargeIn: { enabled: true, greeting: false, confirmMs: 0, echoGuardDb: null } }],
  ])('leaves the greeting alone when it %s', (_, settings) => {
    const { engine, commands, after } = talk(settings, 2_000);
    after(500);
    engine.says({ type: 'caller-started', agoMs: 0 });
    expect(commands()).toEqual([]);
    after(2_000);
    expect(engine.asked).toEqual([['note', 'agent', 'Hola a todos ustedes']]);
  });
});

describe('an interruption that wants confirming', () => {
  const settings = { bargeIn: { enabled: true, greeting: true, confirmMs: 200, echoGuardDb: null } };

  it('is a pause only, when the noise ends soon', () => {
    const { engine, commands, after } = talk(settings);
    engine.says(...answers(3_000));
    after(400);
    engine.says({ type: 'caller-started', agoMs: 0 });
    after(100);
    engine.says({ type: 'caller-stopped', item: 'cough', agoMs: 0 });
    after(400);
    expect(commands()).toEqual(['pause', 'proceed']);
    expect(engine.asked).toEqual([]);
  });

  it('flushes when the voice lasts, at what was heard before the pause', () => {
    const { engine, commands, after } = talk(settings);
    engine.says(...answers(3_000));
    after(400);
    engine.says({ type: 'caller-started', agoMs: 0 });
    after(300);
    expect(commands()).toEqual(['pause', 'flush', 'proceed']);
    expect(engine.asked[0]).toEqual(['truncate', 'i1', 400]);
  });
});

describe('an echo', () => {
  const settings = { bargeIn: { enabled: true, greeting: true, confirmMs: 0, echoGuardDb: 12 } };

  it.each([
    ['much quieter than the agent does not interrupt', -40, []],
    ['as loud as the agent does', -14, ['flush']],
  ])('%s', (_, level, expected) => {
    const { dialogue, engine, commands, after } = talk(settings);
    engine.says(...answers(3_000));
    after(200);
    for (let frame = 0; frame < 5; frame += 1) dialogue.callerAudio(echo(level));
    engine.says({ type: 'caller-started', agoMs: 0 });
    expect(commands()).toEqual(expected);
  });
});

describe('tools', () => {
  it('answer only after the response that called them is done', async () => {
    const { engine } = talk();
    engine.says({ type: 'response-started', response: 'r1' }, { type: 'tool-call', response: 'r1', call: 'c1', name: 'look', argumentsJson: '{}' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(engine.asked).toEqual([]);
    engine.says({ type: 'response-done', response: 'r1', status: 'completed' });
    expect(engine.asked).toEqual([['toolResult', 'c1', { ok: true, detail: 'seen' }, true]]);
  });

  it('speak once when several answer together', async () => {
    const { engine } = talk();
    engine.says({ type: 'response-started', response: 'r1' }, { type: 'tool-call', response: 'r1', call: 'c1', name: 'look', argumentsJson: '{}' }, { type: 'tool-call', response: 'r1', call: 'c2', name: 'look', argumentsJson: '{}' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    engine.says({ type: 'response-done', response: 'r1', status: 'completed' });
    expect(engine.asked.filter(([, , , speak]) => speak === true).length).toBeLessThanOrEqual(1);
    expect(engine.asked.length).toBe(2);
  });
});

describe('turns', () => {
  it('are numbered as they began, with the caller’s text when it comes and the delay of the answer', () => {
    const { engine, after, of } = talk();
    engine.says({ type: 'caller-started', agoMs: 0 });
    after(600);
    engine.says({ type: 'caller-stopped', item: 'q1', agoMs: 500 });
    after(200);
    engine.says(...answers(400), { type: 'agent-item-done', response: 'r1', item: 'i1', text: 'An answer.' }, { type: 'response-done', response: 'r1', status: 'completed' });
    engine.says({ type: 'caller-text', item: 'q1', text: 'A question?' });
    after(12_000);
    expect(of('turn')).toMatchObject([
      { number: 1, role: 'caller', text: 'A question?', tookMs: 100 },
      { number: 2, role: 'agent', text: 'An answer.', latencyMs: 700, interrupted: false },
    ]);
  });

  it('have no number missing, though words came of which nothing sounded', () => {
    const { engine, after, of } = talk();
    engine.says({ type: 'response-started', response: 'r1' }, { type: 'agent-text', response: 'r1', item: 'i1', text: 'Excuse' });
    engine.says({ type: 'caller-started', agoMs: 0 }, { type: 'response-done', response: 'r1', status: 'cancelled' });
    engine.says({ type: 'caller-stopped', item: 'c1', agoMs: 0 }, { type: 'caller-text', item: 'c1', text: 'Hello?' });
    engine.says(...answers(200, 'r2', 'i2'), { type: 'agent-item-done', response: 'r2', item: 'i2', text: 'Yes' }, { type: 'response-done', response: 'r2', status: 'completed' });
    after(1_000);
    expect(of('turn').map((turn) => [turn['number'], turn['role'], turn['text']])).toEqual([[1, 'caller', 'Hello?'], [2, 'agent', 'Yes']]);
  });

  it('are all closed at the end, which is told once', () => {
    const { dialogue, engine, after, of } = talk();
    engine.says({ type: 'caller-stopped', item: 'q1', agoMs: 0 }, ...answers(2_000));
    after(500);
    dialogue.end('call_ended');
    dialogue.end('media_lost');
    dialogue.callerAudio(FRAME);
    engine.says(...answers(500, 'r9', 'i9'));
    expect(of('turn').length).toBe(2);
    expect(of('ended')).toMatchObject([{ reason: 'call_ended', turns: 2 }]);
  });
});

describe('a leg that goes', () => {
  it('between two turns leaves a caller at rest; it is no boundary any more from the moment in which they begin to speak', () => {
    const { dialogue, engine, after, of } = talk();
    after(400);
    expect(dialogue.atBoundary).toBe(true);
    engine.says({ type: 'caller-started', agoMs: 60 });
    expect(dialogue.atBoundary).toBe(false);
    engine.says({ type: 'caller-stopped', item: 'q1', agoMs: 0 });
    const rested = talk();
    rested.after(400);
    rested.dialogue.release();
    expect([of('rested').length, rested.of('rested').length]).toEqual([0, 1]);
  });

  it('in the middle of the caller’s words, or before their answer, asks for an excuse', () => {
    const going = (...events: readonly (readonly [EngineEvent, number])[]): number => {
      const { dialogue, engine, after, of } = talk();
      after(400);
      for (const [event, ms] of events) {
        engine.says(event);
        after(ms);
      }
      dialogue.release();
      return of('rested').length;
    };
    const started = { type: 'caller-started', agoMs: 60 } as const;
    expect(going([started, 100])).toBe(0);
    expect(going([started, 600])).toBe(0);
    expect(going([started, 100], [{ type: 'caller-stopped', item: 'q1', agoMs: 0 }, 100])).toBe(0);
    expect(going([started, 100], [{ type: 'response-started', response: 'r1' }, 100])).toBe(0);
  });
});
