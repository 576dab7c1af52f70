import { encodeUlaw, silence, tone } from '@troncal/audio';
import type { LegOrder } from '@troncal/media-protocols';
import { createLogger } from '@troncal/observability';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentSettingsSchema, type AgentSettings } from '../agents/agent-profile.js';
import type { EngineEvent, VoiceEngine } from '../engine/voice-engine.js';
import { defineTool } from '../tools/tool.js';
import { Dialogue } from './dialogue.js';
import type { DialogueCall } from './dialogue-call.js';
import type { DialogueJournal } from './journal.js';

/** An engine that notes what it's asked: the state machine is tested without time or sockets; the real engines have their own tests. */
class NotedEngine implements VoiceEngine {
  readonly kind = 'openai-realtime';
  readonly simulated = true;
  readonly asked: unknown[][] = [];
  private listener: (event: EngineEvent) => void = () => {};
  listen(listener: (event: EngineEvent) => void): void {
    this.listener = listener;
  }
  says(...events: EngineEvent[]): void {
    for (const event of events) this.listener(event);
  }
  hear(): void {}
  noteSaid(text: string): void {
    this.asked.push(['noteSaid', text]);
  }
  respond(): void {
    this.asked.push(['respond']);
  }
  truncate(item: string, ms: number): void {
    this.asked.push(['truncate', item, ms]);
  }
  forget(item: string): void {
    this.asked.push(['forget', item]);
  }
  cancel(): void {
    this.asked.push(['cancel']);
  }
  toolResult(call: string, output: string, speak: boolean): void {
    this.asked.push(['toolResult', call, JSON.parse(output), speak]);
  }
  summarise(): Promise<string> {
    return Promise.resolve('summary');
  }
  digit(): void {}
  close(): void {
    this.asked.push(['close']);
  }
}

const FRAME = encodeUlaw(silence(20));
const speech = (ms: number): Uint8Array => encodeUlaw(tone(880, ms));
const echo = (level: number): Uint8Array => encodeUlaw(tone(880, 20, { level }));

function talk(over: Partial<AgentSettings> = {}, greetingMs = 0) {
  let now = 1_000;
  const engine = new NotedEngine();
  const sent: LegOrder[] = [];
  const facts: unknown[][] = [];
  const note = (kind: string) => (fact: object) => void facts.push([kind, fact]);
  const journal: DialogueJournal = { started: note('started'), engineChanged: note('engineChanged'), turn: note('turn'), interrupted: note('interrupted'), toolCalled: note('toolCalled'), toolCompleted: note('toolCompleted'), handoffRequested: note('handoffRequested'), ended: note('ended') };
  const settings = agentSettingsSchema.parse({ name: 'x', instructions: 'x', greetings: { es: 'Hola' }, ...over });
  const call: DialogueCall = { callId: 'call', conversationId: 'conversation', legId: 'leg', profile: { ...settings, tenant: 'demo', code: 'x', version: 1 }, format: 'ulaw', language: 'es', greeting: greetingMs === 0 ? { text: '', audio: undefined } : { text: 'Hola a todos ustedes', audio: speech(greetingMs) }, resumed: false, history: [], turnsBefore: 0 };
  const tool = defineTool({ name: 'look', description: '', schema: z.object({}), deadlineMs: 1_000, afterSpeech: false, cancelledBySpeech: false, run: () => Promise.resolve({ ok: true, detail: 'seen' }) });
  const dialogue = new Dialogue(call, { sink: { writable: () => true, write: (message) => void sent.push(message) }, engines: { primary: () => engine, fallback: () => engine }, journal, tools: [tool], now: () => now, logger: createLogger({ service: 'realtime-voice', level: 'silent' }) });
  dialogue.start();
  dialogue.callerAudio(FRAME);
  const commands = (): string[] => sent.flatMap((message) => (message.kind === 'audio' || message.kind === 'mark' ? [] : [message.kind]));
  /** Time passes, and Asterisk passes the marks that fall due. */
  const after = (ms: number): void => {
    for (const end = now + ms; now < end; ) {
      now += 20;
      const marks = sent.flatMap((message) => (message.kind === 'mark' ? [message.mark] : []));
      if (commands().at(-1) !== 'pause') passMarks(marks);
      dialogue.callerAudio(FRAME);
      dialogue.tick();
    }
  };
  const began = now;
  const passMarks = (marks: readonly string[]): void => {
    // A mark stands after the audio sent before it; that audio is played by now when as many ms have passed.
    let bytes = 0;
    let index = 0;
    for (const message of sent) {
      if (message.kind === 'audio') bytes += message.bytes.length;
      else if (message.kind === 'flush') return;
      else if (message.kind === 'mark' && began + bytes / 8 <= now) dialogue.legReport({ kind: 'played', mark: marks[index++]! });
    }
  };
  return { dialogue, engine, sent, facts, commands, after, of: (kind: string) => facts.filter(([name]) => name === kind).map(([, fact]) => fact as Record<string, unknown>) };
}

const answers = (ms: number, response = 'r1', item = 'i1'): EngineEvent[] => [
  { type: 'response-started', response },
  { type: 'agent-text', response, item, text: 'one two three four five six seven eight' },
  { type: 'agent-audio', response, item, audio: speech(ms) },
];

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
    expect(engine.asked).toEqual([['noteSaid', 'Hola a todos ustedes']]);
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
