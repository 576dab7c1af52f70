import { setTimeout as sleep } from 'node:timers/promises';
import { AmiError, AriError, isGone, type AmiClient, type AriClient } from '@troncal/ari';
import { KeyedTurns } from '@troncal/kernel';
import { primaryLeg, type Call } from '../calls/call.js';

/** Below Asterisk's monitor folder, so beside the mono recordings; the gateway may know the same folder by another path. */
const pathOf = (recordingId: string): string => `../recording/${recordingId}.raw`;

/**
 * Records the caller's own channel by MixMonitor: what it sends on the left, what it hears on the right. It hangs on the channel, so bridges, holds,
 * transfers and our own death change nothing in it (Asterisk 22.10). `a` goes on where a file is: beginning twice loses nothing. `D` writes both
 * sides as one stream of two channels, and fills whichever is missing with silence.
 */
const OPTIONS = 'aD';
const FILE_VARIABLE = 'MIXMONITOR_FILENAME';

/**
 * Asterisk lets go of a hook that was stopped at the channel's next frame, and a hook that comes before that is given the decoder of the one before. So
 * frames are waited for: two, since one may have been on its way. A phone that sends nothing and is sent nothing has no frame that could be missed.
 */
const FRAMES = 2;
const LOOK_MS = 20;
/** How long frames are waited for, ms; on a channel that counts none (it has no RTP), how long is waited at all. */
const FRAMES_WITHIN_MS = 1_000;
const LET_GO_MS = 80;

/** Who hears of what becomes of stereo recordings. */
export interface StereoTold {
  /** Its file is closed. */
  readonly finished: (recordingId: string) => Promise<void>;
  /** It could not be taken again: until `mended` there may be nothing in it, or not everybody. */
  readonly stuck: (recordingId: string, error: unknown) => void;
  /** Its end could not be told to Asterisk, which writes on until AMI is back or its call is over. */
  readonly unended: (recordingId: string, error: unknown) => void;
  /** It goes on; `gapMs`: for how long it may have held less than was said. */
  readonly mended: (recordingId: string, gapMs: number) => void;
}

/**
 * Stereo recordings: 16-bit samples without a header, 8 kHz, two channels; RecordingFiles makes them WAV. What is asked for one recording is done
 * in the order of asking.
 */
export class StereoTap {
  private readonly turns = new KeyedTurns();
  /** Recordings that hold silence, as far as this process has seen to it: known sooner than the call's own state. */
  private readonly muted = new Set<string>();
  /** Recordings that could not be taken again: nothing may be recorded of their calls, or not everybody, since `since` (performance.now). */
  private readonly owed = new Map<string, { readonly channelId: string; readonly since: number }>();
  /** The channels of recordings that should have ended, of which Asterisk could not be told. */
  private readonly ending = new Map<string, string>();

  constructor(
    private readonly ari: AriClient,
    private readonly ami: AmiClient,
    private readonly told: StereoTold,
  ) {
    ami.onState(({ state }) => {
      if (state !== 'connected') return;
      for (const [recordingId, { channelId }] of this.owed) void this.makeUp(channelId, recordingId);
      for (const [recordingId, channelId] of this.ending) void this.stop(channelId, recordingId).catch((error: unknown) => this.told.unended(recordingId, error));
    });
  }

  /** Begins a recording; one that runs already goes on. True when it was begun. */
  start(call: Call, recordingId: string): Promise<boolean> {
    const { channelId } = primaryLeg(call);
    return this.turns.run(recordingId, async () => {
      if (this.owed.has(recordingId) || (await this.running(channelId, recordingId))) return false;
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
   * all hooks with one decoder, which drops frames whose RTP sequence number looks older than the last one's (see `CallBridges.again`): of every second
   * person who comes after another nothing would be recorded, though the caller hears them. Proved by recordings.spec.
   * While it is silent nobody is to be heard, and the end of the silence hears anew. What AMI's absence keeps from being done is made up for when AMI is back.
   */
  hearAnew(channelId: string, recordingId: string): Promise<void> {
    return this.turns.run(recordingId, async () => {
      if (!this.muted.has(recordingId)) await this.again(channelId, recordingId);
    });
  }

  /**
   * Closes the file. A channel that is gone has closed its own. While AMI is away Asterisk writes on: the file is left alone until it could be told, or
   * the channel is gone.
   */
  stop(channelId: string, recordingId: string): Promise<void> {
    return this.turns.run(recordingId, async () => {
      this.muted.delete(recordingId);
      if (await this.written(channelId, recordingId)) {
        try {
          await this.ami.action('StopMixMonitor', { Channel: channelId });
        } catch (error) {
          // Refused otherwise: nothing writes it any more.
          if (isAway(error)) {
            this.ending.set(recordingId, channelId);
            return this.told.unended(recordingId, error);
          }
        }
      }
      this.owed.delete(recordingId);
      this.ending.delete(recordingId);
      await this.told.finished(recordingId);
    });
  }

  private async again(channelId: string, recordingId: string): Promise<void> {
    const owed = this.owed.get(recordingId);
    if (this.ending.has(recordingId) || (!owed && !(await this.running(channelId, recordingId)))) return;
    this.owed.set(recordingId, owed ?? { channelId, since: performance.now() });
    // Before anything is touched: while AMI is away what runs goes on.
    await this.ami.action('Ping');
    // A process that dies now leaves a channel of which the next one sees that nothing records it.
    await this.ari.channels.setChannelVar({ channelId, variable: FILE_VARIABLE, value: '' });
    await this.letGo(channelId);
    await this.begin(channelId, recordingId);
    this.owed.delete(recordingId);
    if (owed) this.told.mended(recordingId, Math.round(performance.now() - owed.since));
  }

  private async makeUp(channelId: string, recordingId: string): Promise<void> {
    await this.hearAnew(channelId, recordingId).catch((error: unknown) => this.told.stuck(recordingId, error));
  }

  private async letGo(channelId: string): Promise<void> {
    await this.ami.action('StopMixMonitor', { Channel: channelId }).catch((error: unknown) => {
      // Refused: nothing records it, a time before came as far as this.
      if (!(error instanceof AmiError) || isAway(error)) throw error;
    });
    const before = await this.framesOf(channelId);
    if (before === undefined) {
      await sleep(LET_GO_MS);
      return;
    }
    const deadline = performance.now() + FRAMES_WITHIN_MS;
    do await sleep(LOOK_MS);
    while (performance.now() < deadline && ((await this.framesOf(channelId)) ?? Number.POSITIVE_INFINITY) < before + FRAMES);
  }

  /** RTP packets of the channel, in both directions; undefined when it has no RTP, or is gone. */
  private async framesOf(channelId: string): Promise<number | undefined> {
    try {
      const { value } = await this.ari.channels.getChannelVar({ channelId, variable: 'CHANNEL(rtcp,all)' });
      const counts = [...value.matchAll(/\b[rt]xcount=(\d+)/g)].map(([, count]) => Number(count));
      return counts.length === 2 ? counts.reduce((sum, count) => sum + count) : undefined;
    } catch (error) {
      // Answered: there is no such function on a channel without RTP.
      if (error instanceof AriError && error.ariStatus !== null) return undefined;
      throw error;
    }
  }

  private async begin(channelId: string, recordingId: string): Promise<void> {
    await this.ami.action('MixMonitor', { Channel: channelId, File: pathOf(recordingId), Options: OPTIONS });
  }

  /** Whether Asterisk may be writing it. One that is being taken again, or should have ended, has lost its name. */
  private async written(channelId: string, recordingId: string): Promise<boolean> {
    const file = await this.fileOf(channelId);
    return file !== undefined && (isFileOf(file, recordingId) || this.owed.has(recordingId) || this.ending.has(recordingId));
  }

  private async running(channelId: string, recordingId: string): Promise<boolean> {
    const file = await this.fileOf(channelId);
    return file !== undefined && isFileOf(file, recordingId);
  }

  /** MixMonitor leaves its file's name on the channel, and nothing takes it away when it ends: one recording per name. Undefined: the channel is gone. */
  private async fileOf(channelId: string): Promise<string | undefined> {
    try {
      return (await this.ari.channels.getChannelVar({ channelId, variable: FILE_VARIABLE })).value;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }
}

const isFileOf = (file: string, recordingId: string): boolean => file.endsWith(`/${recordingId}.raw`);

const isAway = (error: unknown): boolean => error instanceof AmiError && error.retryable;
