import { AbsentEngine } from '../engine/absent-engine.js';
import type { EngineContext, EngineEvent, EngineFactory, SessionLimits, SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';
import { Outage, OUTAGE_MS } from './outage.js';
import { mayChange, shouldWarm, type Moment } from './session-age.js';

/** After a next session that failed to connect, ms. */
const WARM_AGAIN_MS = 5_000;

/** What is told of a change of session. */
export interface EngineChange {
  /** rolled_over: before its end, by a session made ready ahead. reconnected: after a loss. gave_up: fixed sentences from here on. */
  readonly how: 'rolled_over' | 'reconnected' | 'gave_up';
  readonly reason: string;
  /** From the loss to a session that listens. */
  readonly silentMs: number;
  readonly attempts: number;
}

export interface SeatListener {
  engineEvent(event: EngineEvent): void;
  /** The session is gone with all that it was doing; what was received of it stays. */
  engineGone(): void;
  /** Another one sits there, told of the turns that are over. It may still be connecting; what it's given waits in it. */
  engineTaken(engine: VoiceEngine): void;
  /** The change is done: the session listens, or the fixed sentences have begun. */
  engineChanged(change: EngineChange): void;
}

/**
 * Keeps an engine in the seat for the whole of a call. A session that grows old gives way to one made ready ahead; one that is lost is connected
 * again, with growing waits, for as long as a caller can be expected to wait; after that the fallback takes over for good. Events of an
 * engine that has left are dropped. Times in monotonic ms.
 */
export class EngineSeat {
  private engine: VoiceEngine;
  private ready = false;
  private everReady = false;
  private sinceMs: number;
  private readonly outage = new Outage();
  private retryAt: number | undefined;
  private reason = '';
  private next: { readonly engine: VoiceEngine; readonly sinceMs: number; ready: boolean } | undefined;
  private warmNotBefore = 0;
  private closed = false;

  constructor(
    private readonly factory: EngineFactory,
    private readonly context: EngineContext,
    private readonly listener: SeatListener,
    private readonly limits: SessionLimits,
    /** The turns that are over. */
    private readonly history: () => readonly SpokenTurn[],
    private readonly now: () => number,
    prewarmed: VoiceEngine | undefined,
  ) {
    this.sinceMs = now();
    this.engine = prewarmed ?? factory.primary(context);
  }

  /** Begins to deliver events. */
  open(): void {
    this.sit(this.engine);
  }

  get current(): VoiceEngine {
    return this.engine;
  }

  /** False between two attempts to connect: nothing that is asked of the engine would be done. */
  get present(): boolean {
    return !(this.engine instanceof AbsentEngine);
  }

  /** A turn is over: the session made ready ahead learns of it. */
  turnOver(turn: SpokenTurn): void {
    this.next?.engine.note(turn);
  }

  /** Gives up the engine although it has not said so itself: it hangs. */
  giveUp(reason: string): void {
    const hung = this.engine;
    this.lost(reason, false);
    hung.close();
  }

  /** Watches over the connections; call it now and then with what is going on. */
  tick(moment: () => Moment): void {
    const now = this.now();
    if (this.closed || this.engine.kind === 'scripted') return;
    if (this.retryAt !== undefined && now >= this.retryAt) this.attempt();
    else if (this.outage.overdue(now) && !this.ready) this.fallBack();
    else if (this.present && !this.ready && now - this.sinceMs > OUTAGE_MS) this.giveUp(`not ready within ${OUTAGE_MS} ms`);
    else if (this.ready && shouldWarm(this.limits, now - this.sinceMs)) this.growOld(now, moment);
  }

  close(): void {
    this.closed = true;
    this.next?.engine.close();
    this.engine.close();
  }

  private sit(engine: VoiceEngine): void {
    this.engine = engine;
    this.ready = engine.kind === 'scripted';
    this.sinceMs = this.now();
    engine.listen((event) => {
      if (this.closed || engine !== this.engine) return;
      if (event.type === 'lost') return this.lost(event.reason, event.hopeless === true);
      if (event.type === 'ready') this.settled();
      this.listener.engineEvent(event);
    });
  }

  private settled(): void {
    this.ready = true;
    this.everReady = true;
    const over = this.outage.over(this.now());
    if (over !== undefined) this.listener.engineChanged({ how: 'reconnected', reason: this.reason, ...over });
  }

  private lost(reason: string, hopeless: boolean): void {
    if (this.closed || this.engine.kind === 'scripted') return;
    const now = this.now();
    this.reason = reason;
    const verdict = this.outage.lost(now, this.everReady ? now : this.sinceMs, this.ready);
    this.leave();
    this.engine = new AbsentEngine(this.engine.kind, this.engine.simulated);
    this.ready = false;
    if (hopeless || 'giveUp' in verdict) return this.fallBack();
    this.retryAt = verdict.retryAt;
    if (now >= verdict.retryAt) this.attempt();
  }

  /** The session in the seat has no say any more; one made ready ahead for it is usable, but knows less of the last words than a new one. */
  private leave(): void {
    this.dropNext();
    this.listener.engineGone();
  }

  private attempt(): void {
    this.retryAt = undefined;
    this.outage.attempt();
    const engine = this.factory.primary({ ...this.context, history: this.history() });
    this.sit(engine);
    if (this.engine === engine) this.listener.engineTaken(engine);
  }

  private fallBack(): void {
    this.retryAt = undefined;
    const silent = this.outage.over(this.now()) ?? { silentMs: 0, attempts: 0 };
    const unfinished = this.engine;
    if (this.present) this.leave();
    const engine = this.factory.fallback({ ...this.context, history: this.history() }, true);
    this.sit(engine);
    unfinished.close();
    this.listener.engineTaken(engine);
    this.listener.engineChanged({ how: 'gave_up', reason: this.reason, ...silent });
  }

  private growOld(now: number, moment: () => Moment): void {
    if (this.next === undefined) {
      if (now >= this.warmNotBefore) this.warm(now);
      return;
    }
    if (!this.next.ready) {
      if (now - this.next.sinceMs > OUTAGE_MS) this.dropNext();
      return;
    }
    if (mayChange(this.limits, now - this.sinceMs, moment())) this.change(this.next.engine);
  }

  private warm(now: number): void {
    const engine = this.factory.primary({ ...this.context, history: this.history() });
    const next = { engine, sinceMs: now, ready: false };
    this.next = next;
    engine.listen((event) => {
      if (this.next !== next) return;
      if (event.type === 'ready') next.ready = true;
      if (event.type === 'lost') this.dropNext();
    });
  }

  private change(engine: VoiceEngine): void {
    const old = this.engine;
    const sinceMs = this.next?.sinceMs ?? this.now();
    this.next = undefined;
    this.listener.engineGone();
    this.sit(engine);
    this.ready = true;
    this.sinceMs = sinceMs;
    old.close();
    this.listener.engineTaken(engine);
    this.listener.engineChanged({ how: 'rolled_over', reason: 'the session grew old', silentMs: 0, attempts: 0 });
  }

  private dropNext(): void {
    if (this.next === undefined) return;
    this.next.engine.close();
    this.next = undefined;
    this.warmNotBefore = this.now() + WARM_AGAIN_MS;
  }
}
