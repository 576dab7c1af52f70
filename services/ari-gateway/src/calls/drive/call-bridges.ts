import { AriError, isGone, type AriClient } from '@troncal/ari';
import type { Call } from '../call.js';
import { primaryLeg } from '../call.js';
import type { Seats } from './seats.js';

/**
 * Never a native bridge, which Asterisk would choose for two phones and in which a media leg hears one way only and DTMF doesn't reach the
 * application. Two parties are in a simple bridge, which hands frames on as they come; a third, or a mono recording, makes it softmix (Asterisk 22.10).
 */
export const BRIDGE_TYPE = 'mixing,dtmf_events,proxy_media';

/** One mixing bridge per call, whose id is the call's. */
export class CallBridges {
  private readonly ready = new Map<string, Promise<void>>();

  constructor(
    private readonly ari: AriClient,
    private readonly seats: Seats,
  ) {}

  /** The bridge is there and the call's own party is in it; done once per call, and again after a failure. */
  ensure(call: Call): Promise<void> {
    const known = this.ready.get(call.callId);
    if (known) return known;
    const made = this.make(call);
    this.ready.set(call.callId, made);
    made.catch(() => this.ready.delete(call.callId));
    return made;
  }

  /** Puts a channel into the call's bridge; one that was found there stays as it is. */
  async add(callId: string, channelId: string): Promise<void> {
    if (this.seats.has(channelId, callId)) return;
    await this.seats.moving([channelId], () => this.ari.bridges.addChannel({ bridgeId: callId, channel: [channelId] }));
  }

  /**
   * Takes a channel out and puts it back at once. Debian's Asterisk drops what it has to translate when the RTP sequence number looks older than the
   * last one's (patch 2016_opus_plc of main/translate.c in 22.10.1; Asterisk's own source doesn't). Music, and whatever was mixed, bears the number 0,
   * so a person whose phone begins at 32768 or above would never be heard after the queue's music; a channel that enters anew is translated anew.
   * Proved by call-control.spec (test/suites/any-phone.ts).
   */
  async again(callId: string, channelId: string): Promise<void> {
    // If it isn't in there, it need not be taken out.
    await this.takeOut(callId, channelId).catch(() => {});
    await this.add(callId, channelId);
  }

  /** Takes a channel out; one that isn't in it, or is gone, is fine. */
  async remove(callId: string, channelId: string): Promise<void> {
    await this.takeOut(callId, channelId).catch((error: unknown) => {
      // 422: it isn't in this bridge; 400: it is gone.
      if (!isGone(error) && !(error instanceof AriError && (error.ariStatus === 422 || error.ariStatus === 400))) throw error;
    });
  }

  /** Takes the bridge away; the parties in it are hung up by others. */
  async destroy(callId: string): Promise<void> {
    this.ready.delete(callId);
    this.seats.clearing(callId);
    await this.ari.bridges.destroy({ bridgeId: callId }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /** It isn't known any more whether the bridge is there: the edge was away. */
  forget(callId: string): void {
    this.ready.delete(callId);
  }

  private takeOut(callId: string, channelId: string): Promise<void> {
    return this.seats.moving([channelId], () => this.ari.bridges.removeChannel({ bridgeId: callId, channel: [channelId] }));
  }

  private async make(call: Call): Promise<void> {
    if (this.seats.has(primaryLeg(call).channelId, call.callId)) return;
    await this.ari.bridges.createWithId({ bridgeId: call.callId, type: BRIDGE_TYPE, name: 'troncal' }).catch((error: unknown) => {
      // 409: an earlier try had made it.
      if (!(error instanceof AriError && error.ariStatus === 409)) throw error;
    });
    await this.add(call.callId, primaryLeg(call).channelId);
  }
}
