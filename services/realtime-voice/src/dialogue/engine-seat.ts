import type { EngineContext, EngineEvent, EngineFactory, SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';

/** An engine that has been made ready this long is worth one more connection when it's lost. */
const FORGIVE_AFTER_MS = 60_000;
/** A new connection that isn't ready by then is given up; the caller is already listening. */
const READY_WITHIN_MS = 4_000;

export interface SeatListener {
  engineEvent(event: EngineEvent): void;
  /** Another engine sits in the seat. `continuing`: the provider again, told of the past; else it's the fallback. */
  engineReplaced(reason: string, continuing: boolean): void;
}

/**
 * Keeps an engine in the seat for the whole of a call: when the provider is lost it's connected once more with what was said so far, and
 * when that fails too the fallback takes over for good. Events of an engine that has been replaced are dropped.
 */
export class EngineSeat {
  private engine: VoiceEngine;
  private ready = false;
  private readySince: number | undefined;
  private sinceMs: number;
  private reconnected = false;
  private closed = false;

  constructor(
    private readonly factory: EngineFactory,
    private readonly context: EngineContext,
    private readonly listener: SeatListener,
    private readonly history: () => readonly SpokenTurn[],
    prewarmed: VoiceEngine | undefined,
    now: number,
  ) {
    this.sinceMs = now;
    this.engine = prewarmed ?? factory.primary(context);
  }

  /** Begins to deliver events. `now` in monotonic ms. */
  open(now: () => number): void {
    this.take(this.engine, now);
  }

  get current(): VoiceEngine {
    return this.engine;
  }

  /** Gives up the engine although it has not said so itself: it hangs. */
  giveUp(reason: string, now: () => number): void {
    const hung = this.engine;
    this.replace(reason, now);
    hung.close();
  }

  /** Watches a connection that takes too long; call it now and then. */
  tick(now: () => number): void {
    if (!this.ready && !this.closed && now() - this.sinceMs > READY_WITHIN_MS) this.giveUp(`not ready within ${READY_WITHIN_MS} ms`, now);
  }

  close(): void {
    this.closed = true;
    this.engine.close();
  }

  private take(engine: VoiceEngine, now: () => number): void {
    this.engine = engine;
    this.ready = engine.kind === 'scripted';
    this.sinceMs = now();
    engine.listen((event) => {
      if (this.closed || engine !== this.engine) return;
      if (event.type === 'ready') {
        this.ready = true;
        this.readySince = now();
      }
      if (event.type === 'lost') this.replace(event.reason, now);
      else this.listener.engineEvent(event);
    });
  }

  private replace(reason: string, now: () => number): void {
    if (this.closed || this.engine.kind === 'scripted') return;
    if (this.readySince !== undefined && now() - this.readySince > FORGIVE_AFTER_MS) this.reconnected = false;
    // A provider that was never reached isn't asked again: the caller has waited enough.
    const again = this.ready && !this.reconnected;
    const context = { ...this.context, history: this.history() };
    if (again) this.reconnected = true;
    const next = again ? this.factory.primary(context) : this.factory.fallback(context, true);
    this.listener.engineReplaced(reason, again);
    this.take(next, now);
    if (again) next.respond(CONTINUE);
  }
}

/** Told to a provider that takes over in mid-call. */
const CONTINUE = 'The connection was interrupted for a moment. If the last words of the caller are unanswered, answer them; otherwise go on where you stopped. Be brief and do not greet again.';
