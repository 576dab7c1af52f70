import { isGone, type AmiClient, type AriClient } from '@troncal/ari';
import { primaryLeg, type Call } from '../calls/call.js';

/** Below Asterisk's monitor folder, so beside the mono recordings; the gateway may know the same folder by another path. */
const fileOf = (recordingId: string): string => `../recording/${recordingId}.raw`;

/**
 * Records the caller's own channel by MixMonitor: what it sends on the left, what it hears on the right. It hangs on the channel, so bridges, holds,
 * transfers and our own death change nothing in it (Asterisk 22.10). `a` goes on where a file is: beginning twice loses nothing. `D` writes both
 * sides as one stream of two channels, and fills whichever is missing with silence.
 */
const OPTIONS = 'aD';

/** Stereo recordings: 16-bit samples without a header, 8 kHz, two channels; RecordingFiles makes them WAV. */
export class StereoTap {
  constructor(
    private readonly ari: AriClient,
    private readonly ami: AmiClient,
    /** Told of a recording whose file is closed. */
    private readonly finished: (recordingId: string) => Promise<void>,
  ) {}

  /** Begins a recording; one that runs already goes on. */
  async start(call: Call, recordingId: string): Promise<void> {
    const { channelId } = primaryLeg(call);
    if (await this.running(channelId, recordingId)) return;
    await this.ami.action('MixMonitor', { Channel: channelId, File: fileOf(recordingId), Options: OPTIONS });
  }

  /** Silence in both channels, or sound again; says what shall be, so saying it twice changes nothing. */
  async pause(channelId: string, paused: boolean): Promise<void> {
    await this.ami.action('MixMonitorMute', { Channel: channelId, Direction: 'both', State: paused ? '1' : '0' });
  }

  /** Closes the file. A channel that is gone has closed its own. */
  async stop(channelId: string, recordingId: string): Promise<void> {
    if (await this.running(channelId, recordingId)) await this.ami.action('StopMixMonitor', { Channel: channelId }).catch(() => {});
    await this.finished(recordingId);
  }

  /** MixMonitor leaves its file's name on the channel, and nothing takes it away when it ends: one recording per name. */
  private async running(channelId: string, recordingId: string): Promise<boolean> {
    try {
      const { value } = await this.ari.channels.getChannelVar({ channelId, variable: 'MIXMONITOR_FILENAME' });
      return value.endsWith(`/${recordingId}.raw`);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }
}
