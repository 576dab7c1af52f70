import type { LegReport } from '@troncal/media-protocols';
import type { EngineContext, EngineEvent, SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';
import { AgentSpeech } from './agent-speech.js';
import { BargeIn } from './barge-in.js';
import { CallerLine } from './caller-line.js';
import type { DialogueCall, DialogueParts } from './dialogue-call.js';
import { EngineSeat, type EngineChange } from './engine-seat.js';
import type { EndReason } from './journal.js';
import { ANSWER_WITHIN_MS, OwedAnswer } from './owed-answer.js';
import { QuietGate } from './quiet-gate.js';
import { RecentCaller } from './recent-caller.js';
import type { Moment } from './session-age.js';
import { ToldTurns } from './told-turns.js';
import { ToolDesk } from './tool-desk.js';
import { Transcript, type Turn } from './transcript.js';

const GREETING = 'greeting';
/** A transcript that hasn't come by then won't come. */
const TEXT_WITHIN_MS = 10_000;
/** Both have been silent for this long: nobody is about to speak, as far as one can know. */
const BOUNDARY_MS = 200;
/** The gateway takes a leg out a moment before we hear why. */
const RESTED_WITHIN_MS = 500;

/**
 * One conversation between a caller and an engine: plays what the engine says, silences it when the caller speaks, keeps the transcript, runs
 * tools. Everything comes in by method calls on one thread and nothing waits for a database, a bus or a tool. The leg's owner calls `tick`
 * about every 100 ms and `end` once.
 */
export class Dialogue {
  private readonly transcript: Transcript;
  private readonly speech: AgentSpeech;
  private readonly caller: CallerLine;
  private readonly bargeIn: BargeIn;
  private readonly seat: EngineSeat;
  private readonly tools: ToolDesk;
  private readonly quiet = new QuietGate();
  private readonly recent = new RecentCaller();
  private readonly answer = new OwedAnswer();
  private readonly told = new ToldTurns();
  private readonly startedAt: number;
  private response: string | undefined;
  private greetingOpen = false;
  private greetingParts: Uint8Array[] | undefined;
  private callerSpeaking = false;
  private speechFrom = 0;
  private stoppedAt: number | undefined;
  /** A caller's turn whose session was replaced before its words were known: the next one hears it again. */
  private heardAgain: Turn | undefined;
  private quietSince: number | undefined;
  /** When the leg went, if that was between two turns. */
  private restedAt: number | undefined;
  private moment: Moment = 'busy';
  /** No audio any more. */
  private over = false;
  private ended = false;
  private hungUp = false;

  constructor(
    private readonly call: DialogueCall,
    private readonly parts: DialogueParts,
  ) {
    const now = parts.now();
    this.startedAt = now;
    this.transcript = new Transcript(call.turnsBefore, (turn) => this.turnDone(turn));
    this.speech = new AgentSpeech(parts.sink, call.format, this.transcript);
    this.caller = new CallerLine(call.format, now, (audio) => this.hear(audio));
    this.bargeIn = new BargeIn(call.profile.bargeIn, call.format);
    const host = { quiet: (maxMs: number, signal: AbortSignal) => (this.speech.busy(parts.now()) ? this.quiet.wait(maxMs, signal) : Promise.resolve()), now: parts.now };
    this.tools = new ToolDesk(parts.tools, parts.journal, host, parts.logger);
    const context: EngineContext = { callId: call.callId, profile: call.profile, format: call.format, language: call.language, history: call.history };
    const listener = {
      engineEvent: (event: EngineEvent) => this.engineEvent(event),
      engineGone: () => this.engineGone(),
      engineTaken: (engine: VoiceEngine) => this.engineTaken(engine),
      engineChanged: (change: EngineChange) => this.engineChanged(change),
    };
    this.seat = new EngineSeat(parts.engines, context, listener, parts.limits, () => [...call.history, ...this.transcript.spokenWhole()], parts.now, parts.prewarmed);
  }

  /** The socket is there: the first word goes out now. */
  start(): void {
    const engine = this.seat.current;
    this.parts.journal.started({ legId: this.call.legId, engine: engine.kind, simulated: engine.simulated, resumed: this.call.resumed });
    const { greeting } = this.call;
    if (!this.call.resumed && greeting.audio !== undefined) {
      this.greetingOpen = true;
      this.bargeIn.agentSaid(greeting.audio);
      this.speech.ready(GREETING, greeting.text, greeting.audio, this.parts.now());
      this.pump();
    }
    const first = this.call.resumed ? (this.call.rested ? undefined : RESUME) : greeting.audio === undefined && greeting.text !== '' ? `Greet the caller now. Say exactly: "${greeting.text}"` : undefined;
    if (first !== undefined) {
      if (!this.call.resumed) this.greetingParts = [];
      this.answer.wanted(this.parts.now(), first);
      engine.respond(first);
    }
    this.seat.open();
  }

  /** The caller's audio as it came, any length. */
  callerAudio(frame: Uint8Array): void {
    if (this.over) return;
    const first = !this.caller.bridged;
    this.bargeIn.callerSaid(frame);
    this.caller.audio(frame, this.parts.now());
    if (first) this.pump();
  }

  /** What the media leg tells of the caller's side. */
  legReport(report: LegReport): void {
    if (this.over) return;
    // A key goes to engines that are menus, never into the transcript: it may be a secret.
    if (report.kind === 'digit') return this.seat.current.digit(report.digit);
    this.speech.receive(report, this.parts.now());
    this.pump();
  }

  /** The socket takes more again. */
  resumeSending(): void {
    if (!this.over) this.pump();
  }

  tick(): void {
    if (this.over) return;
    const now = this.parts.now();
    this.caller.tick(now);
    if (this.bargeIn.due(now)) this.interrupt(now);
    for (const turn of this.transcript.openCallerTurns()) if (now - turn.startedAt > TEXT_WITHIN_MS) this.callerText(turn.item, turn.text);
    if (this.answer.overdue(now) && this.seat.present && !this.speech.busy(now) && !this.tools.busy) this.seat.giveUp(`no answer within ${ANSWER_WITHIN_MS} ms`);
    this.moment = this.momentAt(now);
    this.seat.tick(() => this.moment);
    this.pump();
  }

  /** True when nobody speaks and nothing is awaited: the conversation can change hands and nobody hears of it. */
  get atBoundary(): boolean {
    // As of now: since the last tick the caller may have begun to speak.
    return this.momentAt(this.parts.now()) === 'boundary';
  }

  /** What was said, as a person or another engine would be told it. */
  history(): SpokenTurn[] {
    return [...this.call.history, ...this.transcript.spoken()];
  }

  /** A summary by the engine; rejects when it can't in time. */
  summarise(deadlineMs: number): Promise<string> {
    return this.seat.current.summarise(deadlineMs);
  }

  /** The last thing that happens, whatever the reason; idempotent. */
  end(reason: EndReason): void {
    if (this.ended) return;
    this.ended = true;
    this.mediaLost();
    const why = this.hungUp && reason !== 'handoff' ? 'agent_hangup' : reason;
    this.parts.journal.ended({ reason: why, engine: this.seat.current.kind, turns: this.transcript.count, durationMs: Math.round(this.parts.now() - this.startedAt) });
  }

  /** The gateway has agreed to end the call at the agent's wish; whatever ends the conversation now, that is why. */
  agentHungUp(): void {
    this.hungUp = true;
  }

  /** Stops without the conversation being over: another leg, here or elsewhere, takes it up. */
  release(): void {
    if (this.ended) return;
    this.mediaLost();
    this.ended = true;
    // A leg that has been gone for a while may have left the caller talking to nobody.
    if (this.restedAt !== undefined && this.parts.now() - this.restedAt < RESTED_WITHIN_MS) this.parts.journal.rested();
  }

  /** Nobody hears the agent any more: what was being said is cut where the caller stopped hearing it. `end` still follows. */
  mediaLost(): void {
    if (this.over) return;
    const now = this.parts.now();
    if (this.momentAt(now) === 'boundary') this.restedAt = now;
    this.speech.cut(now);
    for (const turn of this.transcript.openCallerTurns()) this.transcript.finish(turn.item, { tookMs: turn.tookMs });
    this.over = true;
    this.tools.dispose();
    this.quiet.open();
    this.seat.close();
  }

  private engineEvent(event: EngineEvent): void {
    if (this.over) return;
    const now = this.parts.now();
    // Any sign of life from a response in progress pushes its deadline out.
    if ('response' in event) this.answer.goesOn(now, event.type === 'agent-audio');
    switch (event.type) {
      case 'ready':
        return this.recent.gapOver();
      case 'caller-started':
        return this.callerStarted(now, event.agoMs);
      case 'caller-stopped':
        return this.callerStopped(event.item, now, event.agoMs);
      case 'caller-text':
        return this.callerText(event.item, event.text);
      case 'response-started':
        this.response = event.response;
        this.answer.making(now);
        if (this.call.profile.transcription === null) this.recent.settle();
        return;
      case 'agent-audio':
        if (!this.speech.isCancelled(event.response)) this.told.makes(event.item);
        if (!this.speech.audio(event.response, event.item, event.audio, now)) return;
        this.greetingParts?.push(event.audio);
        this.bargeIn.agentSaid(event.audio);
        return this.pump();
      case 'agent-text':
        return this.speech.text(event.response, event.item, event.text, now);
      case 'agent-item-done':
        if (!this.speech.itemDone(event.response, event.item, event.text, now)) return;
        this.keepGreeting(event.text);
        return this.pump();
      case 'tool-call':
        if (!this.speech.isCancelled(event.response)) this.tools.run(event, () => this.sendResults());
        return;
      case 'response-done':
        return this.responseDone(event.response);
      case 'lost':
        return;
    }
  }

  private callerStarted(now: number, agoMs: number): void {
    this.callerSpeaking = true;
    this.speechFrom = now - agoMs;
    this.recent.hold(this.speechFrom);
    this.tools.callerSpoke();
    if (!this.speech.busy(now)) return;
    const verdict = this.bargeIn.callerStarted(now, this.greetingOpen);
    if (verdict === 'interrupt') this.interrupt(now);
    if (verdict === 'pause') this.speech.pause(now);
  }

  /** The agent falls silent; the engine is told what was heard. */
  private interrupt(now: number): void {
    const own = this.told.ownItems();
    const began = performance.now();
    const cut = this.speech.cut(now);
    if (cut === undefined) return;
    const toSilenceMs = performance.now() - began;
    const engine = this.seat.current;
    if (own.has(cut.item) && cut.heardMs > 0) engine.truncate(cut.item, cut.heardMs);
    for (const item of cut.heardMs > 0 ? cut.unheard : [cut.item, ...cut.unheard]) if (own.has(item)) engine.forget(item);
    this.answer.done();
    if (this.response !== undefined && this.speech.isCancelled(this.response)) engine.cancel();
    if (cut.turn !== undefined) this.parts.journal.interrupted({ turn: cut.turn.number, heardMs: cut.heardMs, toSilenceMs: Math.round(toSilenceMs * 1_000) / 1_000 });
    this.quiet.open();
  }

  private callerStopped(item: string, now: number, agoMs: number): void {
    this.callerSpeaking = false;
    this.stoppedAt = now - agoMs;
    if (this.bargeIn.callerStopped()) this.speech.resume(now);
    if (this.heardAgain !== undefined) this.transcript.rename(this.heardAgain, item);
    this.heardAgain = undefined;
    const turn = this.transcript.begin('caller', item, now);
    turn.tookMs = Math.max(0, Math.round(this.stoppedAt - this.speechFrom));
    this.answer.wanted(now);
    if (this.call.profile.transcription === null) this.transcript.finish(item, { tookMs: turn.tookMs });
  }

  private callerText(item: string, text: string): void {
    const turn = this.transcript.find(item);
    if (turn === undefined) return;
    turn.text = text;
    if (!this.callerSpeaking) this.recent.settle();
    this.transcript.finish(item, { tookMs: turn.tookMs });
  }

  private responseDone(response: string): void {
    this.answer.done();
    this.tools.answered();
    if (this.response === response) this.response = undefined;
    this.speech.responseDone(response);
    this.pump();
    this.sendResults();
  }

  private sendResults(): void {
    if (this.over || this.response !== undefined || !this.seat.present) return;
    if (this.tools.deliver(this.seat.current)) this.answer.wanted(this.parts.now());
  }

  private hear(audio: Uint8Array): void {
    this.recent.push(audio, this.parts.now());
    this.seat.current.hear(audio);
  }

  private momentAt(now: number): Moment {
    const awaited = this.callerSpeaking || this.recent.holds || this.response !== undefined || this.answer.owed || this.tools.busy || this.transcript.openCallerTurns().length > 0;
    const playing = this.speech.busy(now) || this.transcript.openAgentTurns().length > 0;
    if (awaited || playing) this.quietSince = undefined;
    else this.quietSince ??= now;
    if (awaited) return 'busy';
    return this.quietSince !== undefined && now - this.quietSince >= BOUNDARY_MS ? 'boundary' : 'playing';
  }

  private engineGone(): void {
    this.recent.gap(this.quietSince ?? this.parts.now());
    this.speech.engineGone();
    this.tools.askerGone();
    this.response = undefined;
    this.greetingParts = undefined;
    this.pump();
  }

  private engineTaken(engine: VoiceEngine): void {
    this.told.taken(this.transcript.openAgentTurns(), engine);
    // An answer that is heard already is gone on with; the question to it isn't asked again.
    if (this.answer.hasBegun) this.recent.settle();
    for (const audio of this.recent.again()) engine.hear(audio);
    const wish = this.answer.again(this.parts.now());
    if (this.recent.holds) {
      // It hears the words again and answers them by itself.
      this.heardAgain = this.transcript.openCallerTurns().at(-1);
      this.callerSpeaking = false;
    }
    if (this.tools.deliver(engine)) this.answer.wanted(this.parts.now());
    else if (!this.recent.holds && wish !== undefined) engine.respond(wish);
  }

  private engineChanged(change: EngineChange): void {
    const { kind: engine, simulated } = this.seat.current;
    if (change.how === 'rolled_over') this.recent.gapOver();
    if (change.how === 'gave_up') this.answer.done();
    this.parts.logger[change.how === 'rolled_over' ? 'info' : 'warn']({ callId: this.call.callId, engine, ...change }, 'another session of the voice provider, or the scripted engine, has taken over');
    this.parts.journal.engineChanged({ ...change, engine, simulated, reason: change.reason.slice(0, 300) });
    if (change.how === 'gave_up') this.parts.gaveUp?.(change.reason);
  }

  private pump(): void {
    if (!this.caller.bridged) return;
    const now = this.parts.now();
    for (const turn of this.speech.pump(now)) this.answerBegan(turn, now);
    if (!this.speech.busy(now)) this.quiet.open();
  }

  private answerBegan(turn: Turn, now: number): void {
    if (this.stoppedAt === undefined) return;
    turn.latencyMs = Math.max(0, Math.round(now - this.stoppedAt));
    this.stoppedAt = undefined;
  }

  private keepGreeting(text: string): void {
    if (this.greetingParts === undefined) return;
    const audio = Buffer.concat(this.greetingParts);
    this.greetingParts = undefined;
    if (audio.length > 0 && this.seat.current.kind !== 'scripted') this.parts.keepGreeting?.(text, audio);
  }

  private turnDone(turn: Turn): void {
    if (turn.item === GREETING) this.greetingOpen = false;
    if (turn.role === 'agent' && !this.over) this.told.over(turn, this.seat.current);
    const text = turn.heard ?? turn.text;
    if (text !== '') this.seat.turnOver({ role: turn.role, text });
    if (turn.number > 0) this.parts.journal.turn({ ...turn });
  }
}

/** Told to an engine that takes up a conversation after our own process died. */
const RESUME = 'The line was silent for a moment through our fault. Excuse it in a few words and go on with the conversation; do not greet again.';
