import { primaryLeg, type Call, type RecordingChannels } from '../calls/call.js';
import type { MonoTap } from './mono-tap.js';
import type { StereoTap } from './stereo-tap.js';

/** A recording as effects name it. */
export interface RecordingRef {
  readonly recordingId: string;
  readonly channels: RecordingChannels;
}

/**
 * How long after the wish to go on the recording goes on, ms: what was said before it is still on its way then, in the phone, the network and Asterisk's
 * buffers, and would be heard in the file (seen on 22.10 with a tone that ended just before the wish).
 */
const STILL_SECRET_MS = 300;

/** Begins, pauses and ends recordings of both kinds. Each may be done twice. */
export class Recorder {
  private readonly goingOn = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly mono: MonoTap,
    private readonly stereo: StereoTap,
    /** Told of a recording that could not be had to go on: it holds silence. */
    private readonly stuck: (recordingId: string, error: unknown) => void,
  ) {}

  async start(call: Call, { recordingId, channels }: RecordingRef): Promise<void> {
    await (channels === 'stereo' ? this.stereo.start(call, recordingId) : this.mono.start(call, recordingId));
  }

  /** Silence at once; sound again a moment later, aside, unless it is paused anew meanwhile. */
  async pause(channelId: string, ref: RecordingRef & { readonly paused: boolean }): Promise<void> {
    this.forget(ref.recordingId);
    if (ref.paused) return this.say(channelId, ref);
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
