import { encodeUlaw, silence, tone } from '@troncal/audio';
import type { LegOrder } from '@troncal/media-protocols';
import { createLogger } from '@troncal/observability';
import { z } from 'zod';
import { agentSettingsSchema, type AgentSettings } from '../../src/agents/agent-profile.js';
import { Dialogue } from '../../src/dialogue/dialogue.js';
import type { DialogueCall } from '../../src/dialogue/dialogue-call.js';
import type { DialogueJournal } from '../../src/dialogue/journal.js';
import type { EngineContext, EngineEvent, SessionLimits, SpokenTurn, ToolRetold, VoiceEngine } from '../../src/engine/voice-engine.js';
import { defineTool } from '../../src/tools/tool.js';

/** An engine that notes what it's asked: the state machine is tested without time or sockets; the real engines have their own tests. */
export class NotedEngine implements VoiceEngine {
  readonly simulated = true;
  readonly asked: unknown[][] = [];
  /** Ms of the caller's audio that were given to it. */
  heardMs = 0;
  constructor(
    readonly kind: VoiceEngine['kind'] = 'openai-realtime',
    readonly context?: EngineContext,
  ) {}
  private listener: (event: EngineEvent) => void = () => {};
  listen(listener: (event: EngineEvent) => void): void {
    this.listener = listener;
  }
  says(...events: EngineEvent[]): void {
    for (const event of events) this.listener(event);
  }
  hear(audio: Uint8Array): void {
    this.heardMs += audio.length / 8;
  }
  note(turn: SpokenTurn, id?: string): void {
    this.asked.push(['note', turn.role, turn.text, ...(id === undefined ? [] : [id])]);
  }
  respond(instructions?: string): void {
    this.asked.push(['respond', ...(instructions === undefined ? [] : [instructions])]);
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
  retellTool(run: ToolRetold, speak: boolean): void {
    this.asked.push(['retellTool', run, speak]);
  }
  summarise(): Promise<string> {
    return Promise.resolve('summary');
  }
  digit(): void {}
  close(): void {
    this.asked.push(['close']);
  }
}

export const FRAME = encodeUlaw(silence(20));
export const speech = (ms: number): Uint8Array => encodeUlaw(tone(880, ms));
export const echo = (level: number): Uint8Array => encodeUlaw(tone(880, 20, { level }));

/** A dialogue in virtual time: `after` lets it pass, every engine is noted. */
export function talk(over: Partial<AgentSettings> = {}, greetingMs = 0, more: { readonly limits?: SessionLimits; readonly look?: () => Promise<{ ok: boolean; detail: string }> } = {}) {
  let now = 1_000;
  const engine = new NotedEngine();
  /** All that were made, in order; the last but one steps down for the last. */
  const made: NotedEngine[] = [engine];
  const make = (kind: VoiceEngine['kind']) => (context: EngineContext): VoiceEngine => {
    const next = new NotedEngine(kind, context);
    made.push(next);
    return next;
  };
  const sent: LegOrder[] = [];
  const facts: unknown[][] = [];
  const note = (kind: string) => (fact: object) => void facts.push([kind, fact]);
  const journal: DialogueJournal = { started: note('started'), engineChanged: note('engineChanged'), turn: note('turn'), interrupted: note('interrupted'), toolCalled: note('toolCalled'), toolCompleted: note('toolCompleted'), handoffRequested: note('handoffRequested'), rested: () => note('rested')({}), ended: note('ended') };
  const limits = more.limits ?? { softMs: 1e9, hardMs: 2e9 };
  const settings = agentSettingsSchema.parse({ name: 'x', instructions: 'x', greetings: { es: 'Hola' }, ...over });
  const call: DialogueCall = { callId: 'call', conversationId: 'conversation', legId: 'leg', profile: { ...settings, tenant: 'demo', code: 'x', version: 1 }, format: 'ulaw', language: 'es', greeting: greetingMs === 0 ? { text: '', audio: undefined } : { text: 'Hola a todos ustedes', audio: speech(greetingMs) }, resumed: false, rested: false, history: [], turnsBefore: 0 };
  const tool = defineTool({ name: 'look', description: '', schema: z.object({}), deadlineMs: 1_000, afterSpeech: false, cancelledBySpeech: false, run: more.look ?? (() => Promise.resolve({ ok: true, detail: 'seen' })) });
  const dialogue = new Dialogue(call, { sink: { writable: () => true, write: (orders) => orders.forEach(write) }, engines: { limits, primary: make('openai-realtime'), fallback: make('scripted') }, prewarmed: engine, journal, tools: [tool], limits, now: () => now, logger: createLogger({ service: 'realtime-voice', level: 'silent' }) });
  /** When the audio written so far will have been heard, and the marks that stand in it. */
  let heardAt = 0;
  let marks: { readonly id: string; readonly at: number }[] = [];
  dialogue.start();
  dialogue.callerAudio(FRAME);
  const commands = (): string[] => sent.flatMap((message) => (message.kind === 'audio' || message.kind === 'mark' ? [] : [message.kind]));
  /** Time passes, and Asterisk passes the marks that fall due. */
  const after = (ms: number): void => {
    for (const end = now + ms; now < end; ) {
      now += 20;
      if (commands().at(-1) !== 'pause') passMarks();
      dialogue.callerAudio(FRAME);
      dialogue.tick();
    }
  };
  function write(message: LegOrder): void {
    sent.push(message);
    if (message.kind === 'audio') heardAt = Math.max(heardAt, now) + message.bytes.length / 8;
    else if (message.kind === 'flush') [heardAt, marks] = [0, []];
    else if (message.kind === 'mark') marks.push({ id: message.mark, at: heardAt });
  }
  function passMarks(): void {
    const due = marks.filter((mark) => mark.at <= now);
    marks = marks.filter((mark) => mark.at > now);
    for (const { id } of due) dialogue.legReport({ kind: 'played', mark: id });
  }
  return { dialogue, engine, made, sent, facts, commands, after, of: (kind: string) => facts.filter(([name]) => name === kind).map(([, fact]) => fact as Record<string, unknown>) };
}

export const answers = (ms: number, response = 'r1', item = 'i1'): EngineEvent[] => [
  { type: 'response-started', response },
  { type: 'agent-text', response, item, text: 'one two three four five six seven eight' },
  { type: 'agent-audio', response, item, audio: speech(ms) },
];
