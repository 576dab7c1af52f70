import { AriError, isGone, type AriClient } from '@troncal/ari';
import { BRIDGE_TYPE } from './call-bridges.js';
import type { Seats } from './seats.js';

/**
 * Softmix from the first party to the last: Asterisk takes away a video bridge's choice (22.10, res_stasis.c; nobody has video here). What leaves it is
 * numbered alike whoever comes and goes, which matters where it is decoded or encoded next; see `CallBridges.again`.
 */
const ROOM_TYPE = `${BRIDGE_TYPE},video_sfu`;

/** What a conference's bridge is called: one per tenant and name, in one edge. */
export const conferenceRoom = (tenant: string, name: string): string => `${CONFERENCE}${tenant}.${name}`;
const CONFERENCE = 'room.';

/** True for a conference's bridge. */
export const isConferenceRoom = (bridgeId: string): boolean => bridgeId.startsWith(CONFERENCE);

/** A bridge of a call beside the one in which its caller is: of a consultation, or of somebody who listens. */
export const sideRoom = (callId: string, room: string): string => `${callId}.${room}`;

/** The call that a bridge belongs to; undefined for a conference's and anybody else's. */
export const callOfBridge = (bridgeId: string): string | undefined => /^[0-9a-f-]{36}(?=$|\.)/.exec(bridgeId)?.[0];

/** Bridges that come with their first party and go with their last, or with the call. */
export class SideRooms {
  constructor(
    private readonly ari: AriClient,
    private readonly seats: Seats,
  ) {}

  /** Puts channels into a bridge, which is made when it isn't there. Whoever is in another one leaves it; whoever was found in it stays as they are. */
  async put(bridgeId: string, all: readonly string[]): Promise<void> {
    const channels = all.filter((channel) => !this.seats.has(channel, bridgeId));
    if (channels.length === 0) return;
    await this.seats.moving(channels, () => this.seat(bridgeId, channels));
  }

  private async seat(bridgeId: string, channels: readonly string[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await this.ari.bridges.createWithId({ bridgeId, type: isConferenceRoom(bridgeId) ? ROOM_TYPE : BRIDGE_TYPE, name: 'troncal' }).catch((error: unknown) => {
        // 409: it is there.
        if (!(error instanceof AriError && error.ariStatus === 409)) throw error;
      });
      try {
        return await this.ari.bridges.addChannel({ bridgeId, channel: channels });
      } catch (error) {
        // 404: its last party left just now, and the bridge with it.
        if (error instanceof AriError && error.ariStatus === 404 && tries < 3) continue;
        await this.clearIfEmpty(bridgeId).catch(() => {});
        throw error;
      }
    }
  }

  /** Nobody came, so nobody will leave, and no event would have it cleared. Who comes just then finds it gone and makes it anew. */
  private async clearIfEmpty(bridgeId: string): Promise<void> {
    if ((await this.ari.bridges.get({ bridgeId })).channels.length === 0) await this.clear(bridgeId);
  }

  /** Takes the bridge away; the parties in it stay as they are. */
  async clear(bridgeId: string): Promise<void> {
    this.seats.clearing(bridgeId);
    await this.ari.bridges.destroy({ bridgeId }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
}
