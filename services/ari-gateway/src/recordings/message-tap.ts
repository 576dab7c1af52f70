import { setTimeout as sleep } from 'node:timers/promises';
import { AriUnreachableError, isGone, type AriClient } from '@troncal/ari';
import { errorText, withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallBridges } from '../calls/drive/call-bridges.js';
import { primaryLeg, type Call } from '../calls/call.js';
import type { MessageLimits } from '../calls/machine/call-effect.js';
import type { SpeechFiles } from '../speech/speech-files.js';

/** A beep is a quarter of a second; one that never ends must not keep the caller from speaking. */
const BEEP_DEADLINE_MS = 2_000;
const TAPPED_WITHIN_MS = 5_000;
const TRIES = 5;
const TRY_AGAIN_MS = 500;
/** First argument with which a message's channel is in our application. */
export const MESSAGE_ARGUMENT = 'message';

/** The channel that listens to the caller for a message. */
export const messageChannel = (recordingId: string): string => `message-${recordingId}`;

/** The recording that a channel is the ear of; undefined for any other channel. */
export function messageOfChannel(channelId: string): string | undefined {
  return /^message-([0-9A-Z]{26})$/.exec(channelId)?.[1];
}

/** A message whose recording is being begun. */
interface Beginning {
  unwanted: boolean;
  /** Asked for anew meanwhile, by a connection that came after this one's. */
  again: boolean;
}

/**
 * Records what the caller says, and nothing else, into Asterisk's spool: 16-bit WAV, 8 kHz, mono. The caller stays in the call's bridge, and a channel that
 * listens to it is recorded: it gives an unbroken row of frames, which neither a bridge of one nor a phone that begins at a high RTP sequence number does
 * (see `CallBridges.again`), so silence is told from speech, and a recording of the call goes on beside it. All of it survives our death.
 */
export class MessageTap {
  private readonly beginning = new Map<string, Beginning>();

  constructor(
    private readonly ari: AriClient,
    private readonly bridges: CallBridges,
    private readonly speech: Pick<SpeechFiles, 'beep'>,
    /** Told of a recording that has ended unnoticed, or never began. */
    private readonly finished: (recordingId: string) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /**
   * Begins a message with a beep, aside: nothing of its call waits for that. One that was begun already goes on; of one that has ended its end is told. One whose Asterisk is out of
   * reach is begun again by the next connection.
   */
  start(call: Call, recordingId: string, limits: MessageLimits): void {
    const under = this.beginning.get(recordingId);
    if (under) {
      under.again = true;
      return;
    }
    const message: Beginning = { unwanted: false, again: false };
    this.beginning.set(recordingId, message);
    void this.take(call, recordingId, limits, message)
      .catch((error: unknown) => this.logger.warn({ call: call.callId, recording: recordingId, reason: errorText(error) }, 'the end of a message that did not begin could not be told'))
      .finally(() => this.beginning.delete(recordingId));
  }

  /** True for a message that was still being begun: it will not be, and its end is told. */
  cancel(recordingId: string): boolean {
    const message = this.beginning.get(recordingId);
    if (message) message.unwanted = true;
    return message !== undefined;
  }

  private async take(call: Call, recordingId: string, limits: MessageLimits, message: Beginning): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      message.again = false;
      const outcome = await this.tryOnce(call, recordingId, limits, message);
      if (outcome === 'begun') return;
      if (message.unwanted) break;
      if (message.again) continue;
      if (outcome === 'hopeless') break;
      // The next connection begins it again; but one request may be lost and the connection stay.
      if (tries >= TRIES) return;
      await sleep(TRY_AGAIN_MS);
    }
    await hangUpEar(this.ari, recordingId).catch((error: unknown) => this.logger.warn({ recording: recordingId, reason: errorText(error) }, 'the channel of a message could not be taken away'));
    await this.finished(recordingId);
  }

  private async tryOnce(call: Call, recordingId: string, limits: MessageLimits, message: Beginning): Promise<'begun' | 'unreachable' | 'hopeless'> {
    try {
      return (await this.begin(call, recordingId, limits, message)) ? 'begun' : 'hopeless';
    } catch (error) {
      this.logger.warn({ call: call.callId, recording: recordingId, reason: errorText(error) }, 'a message could not be recorded');
      return error instanceof AriUnreachableError ? 'unreachable' : 'hopeless';
    }
  }

  /** False when there is nothing to record. */
  private async begin(call: Call, recordingId: string, { maxSeconds, silenceSeconds }: MessageLimits, message: Beginning): Promise<boolean> {
    if (await there(() => this.ari.recordings.getLive({ recordingName: recordingId }))) return true;
    if (await there(() => this.ari.recordings.getStored({ recordingName: recordingId }))) return false;
    await this.bridges.ensure(call);
    await this.beep(call, recordingId);
    if (message.unwanted) return false;
    const channelId = messageChannel(recordingId);
    await this.listen(primaryLeg(call).channelId, recordingId);
    if (message.unwanted) return false;
    await this.ari.channels.record({ channelId, name: recordingId, format: 'wav', ifExists: 'fail', maxDurationSeconds: maxSeconds, maxSilenceSeconds: silenceSeconds, beep: false, terminateOn: 'none' });
    if (message.unwanted) await this.ari.recordings.stop({ recordingName: recordingId });
    return true;
  }

  private async beep(call: Call, recordingId: string): Promise<void> {
    const playbackId = `beep-${recordingId}`;
    const over = this.once('PlaybackFinished', ({ playback }) => playback.id === playbackId);
    try {
      await this.ari.bridges.playWithId({ bridgeId: call.callId, playbackId, media: [`sound:${await this.speech.beep()}`] });
      await withDeadline(over.happened, BEEP_DEADLINE_MS, 'the beep of a message');
    } catch (error) {
      this.logger.warn({ call: call.callId, reason: errorText(error) }, 'a message begins without its beep');
    } finally {
      over.forget();
    }
  }

  private async listen(callerId: string, recordingId: string): Promise<void> {
    const snoopId = messageChannel(recordingId);
    const entered = this.once('StasisStart', ({ channel }) => channel.id === snoopId);
    try {
      await this.ari.channels.snoopChannelWithId({ channelId: callerId, snoopId, spy: 'in', whisper: 'none', app: this.ari.app, appArgs: `${MESSAGE_ARGUMENT},${recordingId}` });
      await withDeadline(entered.happened, TAPPED_WITHIN_MS, 'the ear of a message');
    } finally {
      entered.forget();
    }
  }

  private once<N extends 'PlaybackFinished' | 'StasisStart'>(name: N, fits: (event: Parameters<Parameters<typeof this.ari.on<N>>[1]>[0]) => boolean): { readonly happened: Promise<void>; readonly forget: () => void } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const forget = this.ari.on(name, (event) => {
      if (fits(event)) resolve();
    });
    return { happened: promise, forget };
  }
}

/** Takes a message's channel away; one that is gone is fine. */
export async function hangUpEar(ari: AriClient, recordingId: string): Promise<void> {
  await ari.channels.hangup({ channelId: messageChannel(recordingId) }).catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}

async function there(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}
