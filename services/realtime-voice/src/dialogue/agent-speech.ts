import { msOfSamples } from '@troncal/audio';
import type { LegReport } from '@troncal/media-protocols';
import type { G711 } from '../engine/voice-engine.js';
import { Playout, type PlayoutSink } from './playout.js';
import { heardPart, type Transcript, type Turn } from './transcript.js';

/** What an interruption cut off. */
export interface Silenced {
  /** The item being heard. */
  readonly item: string;
  readonly heardMs: number;
  /** Items queued behind it, of which nothing was heard. */
  readonly unheard: readonly string[];
  readonly turn: Turn | undefined;
}

/**
 * The agent's side of a dialogue: its utterances on their way to the caller and into the transcript. What comes of a response that an
 * interruption cut is dropped, however late. Times in monotonic ms.
 */
export class AgentSpeech {
  private readonly playout: Playout;
  private readonly cancelled = new Set<string>();
  private readonly itemResponse = new Map<string, string>();
  /** Items whose last word hasn't come. */
  private readonly making = new Set<string>();

  constructor(
    sink: PlayoutSink,
    format: G711,
    private readonly transcript: Transcript,
  ) {
    this.playout = new Playout(sink, format);
  }

  /** True when nothing of the response may be heard any more. */
  isCancelled(response: string): boolean {
    return this.cancelled.has(response);
  }

  /** Words that nobody has to make: the greeting. */
  ready(item: string, text: string, audio: Uint8Array, now: number): void {
    this.transcript.begin('agent', item, now).text = text;
    this.play(item, audio);
    this.playout.complete(item);
  }

  /** Audio of an item, any length; false when it must not be heard. */
  audio(response: string, item: string, audio: Uint8Array, now: number): boolean {
    if (this.cancelled.has(response)) return false;
    this.begin(response, item, now);
    return this.play(item, audio);
  }

  text(response: string, item: string, text: string, now: number): void {
    if (this.cancelled.has(response)) return;
    this.begin(response, item, now).text += text;
  }

  /** The item is complete, with all its words; false when it was cut. */
  itemDone(response: string, item: string, text: string, now: number): boolean {
    if (this.cancelled.has(response)) return false;
    this.transcript.begin('agent', item, now).text = text;
    this.making.delete(item);
    this.playout.complete(item);
    return true;
  }

  /** Nothing more comes of the response. What the engine left open (it failed or was cancelled) must not hold back what comes next. */
  responseDone(response: string): void {
    for (const [item, owner] of this.itemResponse) {
      if (owner !== response) continue;
      this.playout.complete(item);
      this.itemResponse.delete(item);
      this.making.delete(item);
      this.dropUnsounded(item);
    }
    this.cancelled.delete(response);
  }

  /** Nothing more comes of any response: its engine is gone. What was received is still heard, and no more than its words count as said. */
  engineGone(): void {
    for (const item of this.itemResponse.keys()) this.playout.complete(item);
    for (const item of this.making) {
      const turn = this.transcript.find(item);
      if (turn !== undefined && !turn.done) turn.text = heardPart(turn.text, turn.audioMs, turn.audioMs);
    }
    for (const item of this.itemResponse.keys()) this.dropUnsounded(item);
    this.making.clear();
    this.itemResponse.clear();
    this.cancelled.clear();
  }

  /** Silence now. Undefined when the caller had heard all there was. */
  cut(now: number): Silenced | undefined {
    const cut = this.playout.cut(now);
    if (cut === undefined) return undefined;
    const turn = this.transcript.find(cut.item);
    for (const item of [cut.item, ...cut.unheard]) {
      const response = this.itemResponse.get(item);
      if (response !== undefined) this.cancelled.add(response);
    }
    if (turn !== undefined) this.transcript.finish(cut.item, { tookMs: cut.heardMs, heard: heardPart(turn.text, turn.audioMs, cut.heardMs) });
    for (const item of cut.unheard) this.transcript.finish(item, { tookMs: 0, heard: '' });
    return { ...cut, turn };
  }

  /** A report of the media leg about what it plays. */
  receive(report: LegReport, now: number): void {
    this.playout.receive(report, now);
  }

  /** Sends as much as may be ahead now, and closes the turns that were heard to their end. The turns whose first frame has just left for the caller. */
  pump(now: number): readonly Turn[] {
    const { started, ended } = this.playout.pump(now);
    const began = started.map((item) => this.transcript.find(item)).filter((turn) => turn !== undefined);
    for (const item of ended) {
      const turn = this.transcript.find(item);
      if (turn !== undefined) this.transcript.finish(item, { tookMs: turn.audioMs });
    }
    return began;
  }

  /** True while anything of the agent's is queued, here or in Asterisk. */
  busy(now: number): boolean {
    return this.playout.busy(now);
  }

  pause(now: number): void {
    this.playout.pause(now);
  }

  resume(now: number): void {
    this.playout.resume(now);
  }

  private begin(response: string, item: string, now: number): Turn {
    if (!this.itemResponse.has(item)) {
      this.itemResponse.set(item, response);
      this.making.add(item);
    }
    return this.transcript.begin('agent', item, now);
  }

  /** Words that came without a sound were not said. */
  private dropUnsounded(item: string): void {
    const turn = this.transcript.find(item);
    if (turn === undefined || turn.done || turn.audioMs > 0) return;
    turn.text = '';
    this.transcript.finish(item, { tookMs: 0 });
  }

  private play(item: string, audio: Uint8Array): boolean {
    const turn = this.transcript.find(item);
    if (turn === undefined || turn.done) return false;
    this.transcript.sounds(turn);
    turn.audioMs += msOfSamples(audio.length);
    this.playout.add(item, audio);
    return true;
  }
}
