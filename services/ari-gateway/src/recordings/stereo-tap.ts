import { setTimeout as sleep } from 'node:timers/promises';
import { isGone, type AmiClient, type AriClient } from '@troncal/ari';
import { KeyedTurns } from '@troncal/kernel';
import { primaryLeg, type Call } from '../calls/call.js';

/** Below Asterisk's monitor folder, so beside the mono recordings; the gateway may know the same folder by another path. */
const fileOf = (recordingId: string): string => `../recording/${recordingId}.raw`;

/**
 * Records the caller's own channel by MixMonitor: what it sends on the left, what it hears on the right. It hangs on the channel, so bridges, holds,
 * transfers and our own death change nothing in it (Asterisk 22.10). `a` goes on where a file is: beginning twice loses nothing. `D` writes both
 * sides as one stream of two channels, and fills whichever is missing with silence.
 */
const OPTIONS = 'aD';
const FILE_VARIABLE = 'MIXMONITOR_FILENAME';

/**
 * How long until Asterisk has let go of a hook that was stopped, ms: it does so at the channel's next frame, and a hook that comes before that is
 * given the decoder of the one before.
 */
const LET_GO_MS = 80;

/**
 * Stereo recordings: 16-bit samples without a header, 8 kHz, two channels; RecordingFiles makes them WAV. What is asked for one recording is done
 * in the order of asking.
 */
export class StereoTap {
  private readonly turns = new KeyedTurns();
  /** Recordings that hold silence, as far as this process has seen to it: known sooner than the call's own state. */
  private readonly muted = new Set<string>();

  constructor(
    private readonly ari: AriClient,
    private readonly ami: AmiClient,
    /** Told of a recording whose file is closed. */
    private readonly finished: (recordingId: string) => Promise<void>,
  ) {}

  /** Begins a recording; one that runs already goes on. True when it was begun. */
  start(call: Call, recordingId: string): Promise<boolean> {
    const { channelId } = primaryLeg(call);
    return this.turns.run(recordingId, async () => {
      if (await this.running(channelId, recordingId)) return false;
      await this.begin(channelId, recordingId);
      return true;
    });
  }

  /** Silence in both channels, said as often as one likes; or sound again, heard anew. */
  pause(channelId: string, recordingId: string, paused: boolean): Promise<void> {
    return this.turns.run(recordingId, async () => {
      if (!paused) {
        this.muted.delete(recordingId);
        return this.again(channelId, recordingId);
      }
      await this.ami.action('MixMonitorMute', { Channel: channelId, Direction: 'both', State: '1' });
      this.muted.add(recordingId);
    });
  }

  /**
   * Lets go of the channel and takes it again, for about a tenth of a second of nothing in the file. A channel decodes what is written to it for
   * all hooks with one decoder, which drops frames whose RTP sequence number looks older than the last one's (Asterisk 22.10, translate.c: "Late
   * Frame"): of every second person who comes after another nothing would be recorded, though the caller hears them. Proved by stereo.spec.
   * While it is silent nobody is to be heard, and the end of the silence hears anew.
   */
  hearAnew(channelId: string, recordingId: string): Promise<void> {
    return this.turns.run(recordingId, async () => {
      if (!this.muted.has(recordingId)) await this.again(channelId, recordingId);
    });
  }

  /** Closes the file. A channel that is gone has closed its own. */
  stop(channelId: string, recordingId: string): Promise<void> {
    return this.turns.run(recordingId, async () => {
      this.muted.delete(recordingId);
      if (await this.running(channelId, recordingId)) await this.ami.action('StopMixMonitor', { Channel: channelId }).catch(() => {});
      await this.finished(recordingId);
    });
  }

  private async again(channelId: string, recordingId: string): Promise<void> {
    if (!(await this.running(channelId, recordingId))) return;
    // A process that dies now leaves a channel of which the next one sees that nothing records it.
    await this.ari.channels.setChannelVar({ channelId, variable: FILE_VARIABLE, value: '' });
    await this.ami.action('StopMixMonitor', { Channel: channelId });
    await sleep(LET_GO_MS);
    await this.begin(channelId, recordingId);
  }

  private async begin(channelId: string, recordingId: string): Promise<void> {
    await this.ami.action('MixMonitor', { Channel: channelId, File: fileOf(recordingId), Options: OPTIONS });
  }

  /** MixMonitor leaves its file's name on the channel, and nothing takes it away when it ends: one recording per name. */
  private async running(channelId: string, recordingId: string): Promise<boolean> {
    try {
      const { value } = await this.ari.channels.getChannelVar({ channelId, variable: FILE_VARIABLE });
      return value.endsWith(`/${recordingId}.raw`);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }
}
