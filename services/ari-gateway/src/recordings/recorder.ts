import { withDeadline } from '@troncal/kernel';
import { primaryLeg, type Call, type RecordingChannels } from '../calls/call.js';
import type { MessageLimits } from '../calls/machine/call-effect.js';
import type { MessageTap } from './message-tap.js';
import type { MonoTap } from './mono-tap.js';
import type { StereoTap } from './stereo-tap.js';

/** A recording as effects name it. */
export interface RecordingRef {
  readonly recordingId: string;
  readonly channels: RecordingChannels;
  readonly message?: MessageLimits;
}

/**
 * How long after the wish to go on the recording goes on, ms: what was said before it is still on its way then, in the phone, the network and Asterisk's
 * buffers, and would be heard in the file (seen on 22.10 with a tone that ended just before the wish).
 */
const STILL_SECRET_MS = 300;

/** How long whoever asked for a pause waits for it, ms: less than a command may take (5,000), so that its asker hears why. */
const PAUSE_DEADLINE_MS = 4_000;

/** Begins, pauses and ends recordings of both kinds, and messages. Each may be done twice. */
export class Recorder {
  private readonly goingOn = new Map<string, NodeJS.Timeout>();
  /** Who waits for a recording to be silent. */
  private readonly waiting = new Map<string, Set<PromiseWithResolvers<void>>>();

  constructor(
    private readonly mono: MonoTap,
    private readonly stereo: StereoTap,
    private readonly messages: MessageTap,
    /** Told of a recording that could not be had to go on: it holds silence. */
    private readonly stuck: (recordingId: string, error: unknown) => void,
  ) {}

  /** Of one that is paused nothing may be heard, so one that can't be had silent is not begun. */
  async start(call: Call, ref: RecordingRef): Promise<void> {
    if (ref.message) return this.messages.start(call, ref.recordingId, ref.message);
    const begun = await (ref.channels === 'stereo' ? this.stereo : this.mono).start(call, ref.recordingId);
    if (!begun || !call.recordings.find((each) => each.recordingId === ref.recordingId)?.pausedAt) return;
    const { channelId } = primaryLeg(call);
    try {
      await this.say(channelId, { ...ref, paused: true });
    } catch (error) {
      await this.stop(channelId, ref).catch(() => {});
      throw error;
    }
  }

  /**
   * Resolves once the recording holds silence.
   * @param ask puts the pause among the call's effects, so that it comes after whatever began the recording
   * @throws whatever kept it; deadline_exceeded when nothing came of it
   */
  async silent(recordingId: string, ask: () => void): Promise<void> {
    const outcome = Promise.withResolvers<void>();
    const waiting = this.waiting.get(recordingId) ?? new Set();
    this.waiting.set(recordingId, waiting.add(outcome));
    try {
      ask();
      await withDeadline(outcome.promise, PAUSE_DEADLINE_MS, `The pause of recording ${recordingId}`);
    } finally {
      waiting.delete(outcome);
      if (waiting.size === 0) this.waiting.delete(recordingId);
    }
  }

  /** Silence at once; sound again a moment later, aside, unless it is paused anew meanwhile. */
  async pause(channelId: string, ref: RecordingRef & { readonly paused: boolean }): Promise<void> {
    this.forget(ref.recordingId);
    if (ref.paused) {
      const said = this.say(channelId, ref);
      for (const { resolve } of this.waiting.get(ref.recordingId) ?? []) resolve(said);
      return said;
    }
    const timer = setTimeout(() => {
      this.forget(ref.recordingId);
      this.say(channelId, ref).catch((error: unknown) => this.stuck(ref.recordingId, error));
    }, STILL_SECRET_MS);
    this.goingOn.set(ref.recordingId, timer);
  }

  /** Somebody else is heard in the call from now on. Costs the call nothing when it fails. While it is paused nothing is to be heard, and going on hears anew. */
  async heardAnew(call: Call): Promise<void> {
    for (const { recordingId, state, channels, pausedAt } of call.recordings) {
      if (state !== 'recording' || channels !== 'stereo' || pausedAt) continue;
      await this.stereo.hearAnew(primaryLeg(call).channelId, recordingId).catch((error: unknown) => this.stuck(recordingId, error));
    }
  }

  async stop(channelId: string, { recordingId, channels }: RecordingRef): Promise<void> {
    this.forget(recordingId);
    if (this.messages.cancel(recordingId)) return;
    await (channels === 'stereo' ? this.stereo.stop(channelId, recordingId) : this.mono.stop(recordingId));
  }

  private async say(channelId: string, { recordingId, channels, paused }: RecordingRef & { readonly paused: boolean }): Promise<void> {
    await (channels === 'stereo' ? this.stereo.pause(channelId, recordingId, paused) : this.mono.pause(recordingId, paused));
  }

  private forget(recordingId: string): void {
    clearTimeout(this.goingOn.get(recordingId));
    this.goingOn.delete(recordingId);
  }
}
