import type { AriClient } from '@troncal/ari';
import { LegTakenV1 } from '@troncal/contracts';
import { pause, PermanentError, TransientError } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Leg } from '../call.js';
import type { MediaLegOpener } from './media-leg-opener.js';
import { mediaHalfOf } from './leg-dialler.js';

const ENTRY_MS = 5_000;
/** Waits between the questions whether the leg was taken, ms; together longer than the 2 s that the edge tries to connect. */
const LOOKS_MS: readonly number[] = [0, 10, 20, 40, 80, 150, 300, 500, 500, 500, 500];

/**
 * Media legs over AudioSocket: a Local channel whose far half runs the application (dialplan `media`), so that whatever becomes of the connection, the
 * caller's own channel has no part in it.
 */
export class AudioSocketLegOpener implements MediaLegOpener {
  constructor(
    private readonly ari: AriClient,
    private readonly commands: CommandClient,
  ) {}

  async open(callId: string, leg: Leg): Promise<void> {
    const entered = this.ari.whenChannelEnters(leg.channelId, ENTRY_MS);
    await this.ari.channels.originateWithId({
      channelId: leg.channelId,
      otherChannelId: mediaHalfOf(leg.channelId),
      // /n: without it Asterisk would optimise the Local channel away and with it the leg that we hold.
      endpoint: `Local/${leg.legId}@media/n`,
      app: this.ari.app,
      // Not `leg`, which is taken for up when it enters: this one is, when it is in the bridge and realtime-voice has it.
      appArgs: `media,${callId}`,
      // 8 kHz linear, as AudioSocket has it: with no format a Local channel takes 192 kHz and every frame is resampled twice.
      formats: 'slin',
      timeout: ENTRY_MS / 1_000,
    });
    await entered;
  }

  /**
   * The far half is up before it connects, and stays up with a peer that accepts and serves nobody, so realtime-voice is asked. When it can't be asked
   * the leg is given the benefit of the doubt: a bus that is away is no reason to take an agent from a caller.
   */
  async taken(leg: Leg): Promise<void> {
    for (const waitMs of LOOKS_MS) {
      await pause(waitMs);
      try {
        if ((await this.commands.ask(LegTakenV1, { legId: leg.legId })).taken) return;
      } catch (error) {
        if (error instanceof PermanentError) throw error;
        return;
      }
    }
    throw new TransientError('media_leg_not_taken', `Nobody took media leg ${leg.legId} over AudioSocket.`, { remedy: 'Check that realtime-voice listens on AUDIOSOCKET_PORT and that the edge’s AUDIOSOCKET_ADDRESS is that address.' });
  }
}
