import { FRAME_BYTES, FRAME_MS, msOfSamples } from '@troncal/audio';
import type { LegReport } from '@troncal/media-protocols';
import type { Logger } from '@troncal/observability';
import type { AgentProfile } from '../agents/agent-profile.js';
import type { EngineContext, EngineEvent, EngineFactory, G711, SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';
import { ToolRunner } from '../tools/tool-runner.js';
import type { AnyTool } from '../tools/tool.js';
import { EchoGuard } from './echo-guard.js';
import { EngineSeat } from './engine-seat.js';
import type { DialogueJournal, EndReason } from './journal.js';
import { Playout, type PlayoutSink } from './playout.js';
import { heardPart, Transcript, type Turn } from './transcript.js';

/** A first sentence that needs no engine. */
export interface Greeting {
  readonly text: string;
  /** G.711 of the call's law; undefined when it has to be made by the engine. */
  readonly audio: Uint8Array | undefined;
}

export interface DialogueCall {
  readonly callId: string;
  readonly conversationId: string;
  readonly legId: string;
  readonly profile: AgentProfile;
  readonly format: G711;
  readonly language: string;
  readonly greeting: Greeting;
  /** Taken up after a crash: no greeting, the past is told to the engine. */
  readonly resumed: boolean;
  readonly history: readonly SpokenTurn[];
  /** Number of the last turn of the past. */
  readonly turnsBefore: number;
}

export interface DialogueParts {
  readonly sink: PlayoutSink;
  readonly engines: EngineFactory;
  readonly journal: DialogueJournal;
  readonly tools: readonly AnyTool[];
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  /** An engine that has been connecting since the attach. */
  readonly prewarmed?: VoiceEngine | undefined;
  /** A greeting that the engine has spoken whole, to be kept. */
  readonly keepGreeting?: (text: string, audio: Uint8Array) => void;
}

const GREETING = 'greeting';
/** An answer that hasn't begun, or gone on, for this long: the provider hangs. */
const ANSWER_WITHIN_MS = 8_000;
/** A transcript that hasn't come by then won't come. */
const TEXT_WITHIN_MS = 10_000;
/** The caller's stream is taken for silent after this gap and filled, or the engine would wait for the end of the turn for ever. */
const STREAM_GAP_MS = 200;
/**
 * Asterisk plays a leg that is in no bridge yet to nobody (22.10.1, asterisk.spec), and tells nobody when it joins one; but the caller's first
 * frame comes at that moment. Nothing is sent before it, or before this time is over: a phone that suppresses silence sends none.
 */
const BRIDGED_WITHIN_MS = 2_000;

/**
 * One conversation between a caller and an engine: plays what the engine says, silences it when the caller speaks, keeps the transcript, runs
 * tools. Everything comes in by method calls on one thread and nothing waits for a database, a bus or a tool. The leg's owner calls `tick`
 * about every 100 ms and `end` once.
 */
export class Dialogue {
  private readonly playout: Playout;
  private readonly transcript: Transcript;
  private readonly seat: EngineSeat;
  private readonly runner: ToolRunner;
  private readonly echo: EchoGuard;
  private readonly cancelled = new Set<string>();
  private readonly itemResponse = new Map<string, string>();
  private readonly startedAt: number;
  private response: string | undefined;
  private results: { readonly call: string; readonly output: string; readonly speak: boolean }[] = [];
  private greetingOpen = false;
  private greetingParts: Uint8Array[] | undefined;
  private silence: Uint8Array;
  private lastFrameAt: number;
  private callerSpeaking = false;
  private confirmAt: number | undefined;
  private speechFrom = 0;
  private answerDue: number | undefined;
  private stoppedAt: number | undefined;
  private quietWaiters: (() => void)[] = [];
  private bridged = false;
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
    this.lastFrameAt = now;
    this.playout = new Playout(parts.sink, call.format);
    this.echo = new EchoGuard(call.profile.bargeIn.echoGuardDb, call.format);
    this.silence = new Uint8Array(FRAME_BYTES).fill(call.format === 'ulaw' ? 0xff : 0xd5);
    this.transcript = new Transcript(call.turnsBefore, (turn) => this.turnDone(turn));
    this.runner = new ToolRunner(parts.tools, parts.journal, { quiet: (maxMs, signal) => this.quiet(maxMs, signal), now: parts.now });
    const context: EngineContext = { callId: call.callId, profile: call.profile, format: call.format, language: call.language, history: call.history };
    const listener = { engineEvent: (event: EngineEvent) => this.engineEvent(event), engineReplaced: (reason: string, again: boolean) => this.engineReplaced(reason, again) };
    this.seat = new EngineSeat(parts.engines, context, listener, () => this.history(), parts.prewarmed, now);
  }

  /** The socket is there: the first word goes out now. */
  start(): void {
    const engine = this.seat.current;
    this.parts.journal.started({ legId: this.call.legId, engine: engine.kind, simulated: engine.simulated, resumed: this.call.resumed });
    const { greeting } = this.call;
    if (!this.call.resumed && greeting.audio !== undefined) {
      this.transcript.begin('agent', GREETING, this.parts.now()).text = greeting.text;
      this.greetingOpen = true;
      this.agentAudio(GREETING, greeting.audio);
      this.playout.complete(GREETING);
      this.pump();
    }
    this.seat.open(this.parts.now);
    if (this.call.resumed) engine.respond(RESUME);
    else if (greeting.audio === undefined && greeting.text !== '') {
      this.greetingParts = [];
      engine.respond(`Greet the caller now. Say exactly: "${greeting.text}"`);
    }
  }

  /** The caller's audio as it came, any length. */
  callerAudio(frame: Uint8Array): void {
    if (this.over) return;
    this.lastFrameAt = this.parts.now();
    if (!this.bridged) this.callerIsThere();
    this.echo.callerSaid(frame);
    this.seat.current.hear(frame);
  }

  /** What the media leg tells of the caller's side. */
  legReport(report: LegReport): void {
    if (this.over) return;
    // A key goes to engines that are menus, never into the transcript: it may be a secret.
    if (report.kind === 'digit') return this.seat.current.digit(report.digit);
    this.playout.receive(report, this.parts.now());
    this.pump();
  }

  /** The socket takes more again. */
  resumeSending(): void {
    if (!this.over) this.pump();
  }

  tick(): void {
    if (this.over) return;
    const now = this.parts.now();
    if (!this.bridged && now - this.startedAt > BRIDGED_WITHIN_MS) this.callerIsThere();
    if (this.bridged) this.fillSilence(now);
    if (this.confirmAt !== undefined && now >= this.confirmAt) this.interrupt(now);
    for (const turn of this.transcript.openCallerTurns()) if (now - turn.startedAt > TEXT_WITHIN_MS) this.transcript.finish(turn.item, { tookMs: turn.tookMs });
    if (this.answerDue !== undefined && now > this.answerDue && !this.playout.busy(now) && !this.runner.busy) {
      this.answerDue = undefined;
      this.seat.giveUp(`no answer within ${ANSWER_WITHIN_MS} ms`, this.parts.now);
    }
    this.seat.tick(this.parts.now);
    this.pump();
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
    this.mediaLost();
    this.ended = true;
  }

  /** Nobody hears the agent any more: what was being said is cut where the caller stopped hearing it. `end` still follows. */
  mediaLost(): void {
    if (this.over) return;
    const cut = this.playout.cut(this.parts.now());
    if (cut !== undefined) this.cutTurns(cut.item, cut.heardMs, cut.unheard);
    for (const turn of this.transcript.openCallerTurns()) this.transcript.finish(turn.item, { tookMs: turn.tookMs });
    this.over = true;
    this.runner.dispose();
    this.wakeQuiet();
    this.seat.close();
  }

  private engineEvent(event: EngineEvent): void {
    if (this.over) return;
    const now = this.parts.now();
    // Any sign of life from a response in progress pushes its deadline out.
    if (this.answerDue !== undefined && 'response' in event) this.answerDue = now + ANSWER_WITHIN_MS;
    switch (event.type) {
      case 'ready':
        return;
      case 'caller-started':
        return this.callerStarted(now, event.agoMs);
      case 'caller-stopped':
        return this.callerStopped(event.item, now, event.agoMs);
      case 'caller-text':
        return this.callerText(event.item, event.text);
      case 'response-started':
        this.response = event.response;
        this.answerDue ??= now + ANSWER_WITHIN_MS;
        return;
      case 'agent-audio':
        if (this.cancelled.has(event.response)) return;
        this.itemResponse.set(event.item, event.response);
        this.transcript.begin('agent', event.item, now);
        this.agentAudio(event.item, event.audio);
        return this.pump();
      case 'agent-text': {
        if (this.cancelled.has(event.response)) return;
        this.transcript.begin('agent', event.item, now).text += event.text;
        return;
      }
      case 'agent-item-done':
        return this.agentItemDone(event.response, event.item, event.text);
      case 'tool-call':
        if (this.cancelled.has(event.response)) return;
        this.runner.run(event).then((reply) => this.toolReplied(reply), (error: unknown) => this.parts.logger.error({ err: error }, 'a tool run failed'));
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
    this.runner.callerSpoke();
    const { bargeIn } = this.call.profile;
    if (!this.playout.busy(now) || !bargeIn.enabled || (this.greetingOpen && !bargeIn.greeting)) return;
    if (this.echo.isEcho()) {
      this.parts.logger.debug({ callId: this.call.callId }, 'speech taken for an echo of the agent');
      return;
    }
    if (bargeIn.confirmMs === 0) return this.interrupt(now);
    this.playout.pause(now);
    this.confirmAt = now + bargeIn.confirmMs;
  }

  /** The agent falls silent; the engine is told what was heard. */
  private interrupt(now: number): void {
    this.confirmAt = undefined;
    const began = performance.now();
    const cut = this.playout.cut(now);
    if (cut === undefined) return;
    const toSilenceMs = performance.now() - began;
    const turn = this.transcript.find(cut.item);
    const engine = this.seat.current;
    for (const item of [cut.item, ...cut.unheard]) {
      const response = this.itemResponse.get(item);
      if (response !== undefined) this.cancelled.add(response);
    }
    this.cutTurns(cut.item, cut.heardMs, cut.unheard);
    if (cut.item === GREETING) this.greetingSaid();
    else if (cut.heardMs > 0) engine.truncate(cut.item, cut.heardMs);
    else engine.forget(cut.item);
    for (const item of cut.unheard) engine.forget(item);
    if (this.response !== undefined && this.cancelled.has(this.response)) engine.cancel();
    if (turn !== undefined) this.parts.journal.interrupted({ turn: turn.number, heardMs: cut.heardMs, toSilenceMs: Math.round(toSilenceMs * 1_000) / 1_000 });
    this.wakeQuiet();
  }

  private cutTurns(item: string, heardMs: number, unheard: readonly string[]): void {
    const turn = this.transcript.find(item);
    if (turn !== undefined) this.transcript.finish(item, { tookMs: heardMs, heard: heardPart(turn.text, turn.audioMs, heardMs) });
    for (const other of unheard) this.transcript.finish(other, { tookMs: 0, heard: '' });
  }

  private callerStopped(item: string, now: number, agoMs: number): void {
    this.callerSpeaking = false;
    this.stoppedAt = now - agoMs;
    if (this.confirmAt !== undefined) {
      this.confirmAt = undefined;
      this.playout.resume(now);
    }
    this.transcript.begin('caller', item, now).tookMs = Math.max(0, Math.round(this.stoppedAt - this.speechFrom));
    this.answerDue = now + ANSWER_WITHIN_MS;
    if (this.call.profile.transcription === null) this.transcript.finish(item, { tookMs: this.stoppedAt - this.speechFrom });
  }

  private callerText(item: string, text: string): void {
    const turn = this.transcript.find(item);
    if (turn === undefined) return;
    turn.text = text;
    this.transcript.finish(item, { tookMs: turn.tookMs });
  }

  private agentAudio(item: string, audio: Uint8Array): void {
    const turn = this.transcript.find(item);
    if (turn === undefined || turn.done) return;
    turn.audioMs += msOfSamples(audio.length);
    this.greetingParts?.push(audio);
    this.echo.agentSaid(audio);
    this.playout.add(item, audio);
  }

  private agentItemDone(response: string, item: string, text: string): void {
    if (this.cancelled.has(response)) return;
    const turn = this.transcript.begin('agent', item, this.parts.now());
    turn.text = text;
    this.playout.complete(item);
    if (this.greetingParts !== undefined) {
      const audio = Buffer.concat(this.greetingParts);
      this.greetingParts = undefined;
      if (audio.length > 0 && this.seat.current.kind !== 'scripted') this.parts.keepGreeting?.(text, audio);
    }
    this.pump();
  }

  private responseDone(response: string): void {
    this.answerDue = undefined;
    if (this.response === response) this.response = undefined;
    // Whatever the engine left open (a failed or cancelled response) must not hold back what comes next.
    for (const [item, owner] of this.itemResponse) {
      if (owner === response) {
        this.playout.complete(item);
        this.itemResponse.delete(item);
      }
    }
    this.cancelled.delete(response);
    this.pump();
    this.sendResults();
  }

  private toolReplied(reply: { readonly call: string; readonly output: string; readonly speak: boolean }): void {
    if (this.over) return;
    this.results.push(reply);
    this.sendResults();
  }

  /** Results go out only between responses: the service refuses one whose call it is still writing. */
  private sendResults(): void {
    if (this.response !== undefined) return;
    const results = this.results.splice(0);
    results.forEach((result, index) => this.seat.current.toolResult(result.call, result.output, result.speak && index === results.length - 1));
  }

  private engineReplaced(reason: string, continuing: boolean): void {
    this.parts.logger.warn({ callId: this.call.callId, reason, continuing }, continuing ? 'the voice provider was lost and is connected again' : 'the voice provider is gone; the scripted engine takes over');
    for (const item of this.itemResponse.keys()) this.playout.complete(item);
    this.itemResponse.clear();
    this.cancelled.clear();
    this.results = [];
    this.response = undefined;
    this.answerDue = undefined;
    this.greetingParts = undefined;
    this.parts.journal.engineChanged({ engine: continuing ? this.seat.current.kind : 'scripted', simulated: continuing && this.seat.current.simulated, reason: reason.slice(0, 300) });
  }

  private callerIsThere(): void {
    this.bridged = true;
    this.pump();
  }

  private pump(): void {
    if (!this.bridged) return;
    const now = this.parts.now();
    const { started, ended } = this.playout.pump(now);
    for (const item of started) this.answerBegan(item, now);
    for (const item of ended) this.agentHeard(item);
    if (!this.playout.busy(now)) this.wakeQuiet();
  }

  private answerBegan(item: string, now: number): void {
    const turn = this.transcript.find(item);
    if (turn === undefined || this.stoppedAt === undefined) return;
    turn.latencyMs = Math.max(0, Math.round(now - this.stoppedAt));
    this.stoppedAt = undefined;
  }

  private agentHeard(item: string): void {
    const turn = this.transcript.find(item);
    if (turn !== undefined) this.transcript.finish(item, { tookMs: turn.audioMs });
    if (item === GREETING) this.greetingSaid();
  }

  private greetingSaid(): void {
    if (!this.greetingOpen) return;
    this.greetingOpen = false;
    const turn = this.transcript.find(GREETING);
    const heard = turn?.heard ?? turn?.text ?? '';
    if (heard !== '') this.seat.current.noteSaid(heard);
  }

  private turnDone(turn: Turn): void {
    if (turn.role === 'caller' || turn.audioMs > 0 || turn.text !== '') this.parts.journal.turn({ ...turn });
  }

  private fillSilence(now: number): void {
    if (now - this.lastFrameAt < STREAM_GAP_MS) return;
    for (; this.lastFrameAt + FRAME_MS <= now; this.lastFrameAt += FRAME_MS) this.seat.current.hear(this.silence);
  }

  private quiet(maxMs: number, signal: AbortSignal): Promise<void> {
    if (!this.playout.busy(this.parts.now())) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, maxMs);
      signal.addEventListener('abort', done, { once: true });
      this.quietWaiters.push(done);
    });
  }

  private wakeQuiet(): void {
    for (const wake of this.quietWaiters.splice(0)) wake();
  }
}

/** Told to an engine that takes up a conversation after our own process died. */
const RESUME = 'The line was silent for a moment through our fault. Excuse it in a few words and go on with the conversation; do not greet again.';
