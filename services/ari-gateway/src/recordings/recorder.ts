import type { Call, RecordingChannels } from '../calls/call.js';
import type { MonoTap } from './mono-tap.js';
import type { StereoTap } from './stereo-tap.js';

/** A recording as effects name it. */
export interface RecordingRef {
  readonly recordingId: string;
  readonly channels: RecordingChannels;
}

/** Begins, pauses and ends recordings of both kinds. Each may be done twice. */
export class Recorder {
  constructor(
    private readonly mono: MonoTap,
    private readonly stereo: StereoTap,
  ) {}

  async start(call: Call, { recordingId, channels }: RecordingRef): Promise<void> {
    await (channels === 'stereo' ? this.stereo.start(call, recordingId) : this.mono.start(call, recordingId));
  }

  async pause(channelId: string, { recordingId, channels, paused }: RecordingRef & { readonly paused: boolean }): Promise<void> {
    await (channels === 'stereo' ? this.stereo.pause(channelId, paused) : this.mono.pause(recordingId, paused));
  }

  async stop(channelId: string, { recordingId, channels }: RecordingRef): Promise<void> {
    await (channels === 'stereo' ? this.stereo.stop(channelId, recordingId) : this.mono.stop(recordingId));
  }
}
