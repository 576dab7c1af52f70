import type { AriClient } from '@troncal/ari';
import type { Call, DialTarget } from '../call.js';
import { primaryLeg } from '../call.js';
import type { CallEffect } from '../machine/call-effect.js';
import { conferenceRoom } from './side-rooms.js';

/** Originates legs: phones, trunks, and the Local channel whose far half waits in a queue. The leg's id becomes the channel's. */
export class LegDialler {
  constructor(private readonly ari: AriClient) {}

  async dial(call: Call, effect: Extract<CallEffect, { kind: 'dial' }>): Promise<void> {
    const { leg, target, callerId, timeoutMs } = effect;
    const primary = primaryLeg(call);
    const shown = target.kind === 'trunk' ? (target.callerId ?? callerId) : callerId;
    await this.ari.channels.originateWithId({
      channelId: leg.channelId,
      endpoint: dialString(target),
      app: this.ari.app,
      appArgs: `leg,${call.callId}`,
      callerId: callerIdText(shown),
      // The gateway's own timer decides; this is for a gateway that dies meanwhile.
      timeout: Math.ceil(timeoutMs / 1_000) + 2,
      variables: { TRONCAL_CALL: call.callId, 'CHANNEL(hangup_handler_push)': HEARD, ...tenantVariables(call) },
      ...(leg.legId === primary.legId ? {} : { originator: primary.channelId }),
    });
  }

  async dialQueue(call: Call, { leg, queue }: Extract<CallEffect, { kind: 'dial_queue' }>): Promise<void> {
    const primary = primaryLeg(call);
    await this.ari.channels.originateWithId({
      channelId: leg.channelId,
      otherChannelId: farHalfOf(leg.channelId),
      // /n: without it Asterisk would optimise the Local channel away and with it the leg that we hold.
      endpoint: `Local/${queueName(call.tenant, queue)}@queues/n`,
      app: this.ari.app,
      appArgs: `leg,${call.callId}`,
      callerId: callerIdText(primary.kind === 'caller' ? call.from : call.to),
      originator: primary.channelId,
      timeout: 30,
      // Two underscores: inherited by the far half, where the dialplan reads them.
      variables: { __TRONCAL_CALL: call.callId, __TRONCAL_QUEUE_SECONDS: '3600' },
    });
  }

  /**
   * A Local channel between this call and another one, or a conference; its far half enters the application by the dialplan's `links`. Into a conference
   * it carries samples: a phone's own frames, and a mix once a third party is in the call, would be decoded as if one sender's (`CallBridges.again`).
   */
  async dialLink(call: Call, { leg, to }: Extract<CallEffect, { kind: 'dial_link' }>): Promise<void> {
    await this.ari.channels.originateWithId({
      channelId: leg.channelId,
      otherChannelId: to.kind === 'call' ? to.legId : roomHalfOf(leg.channelId),
      endpoint: 'Local/link@links/n',
      app: this.ari.app,
      appArgs: `leg,${call.callId}`,
      callerId: callerIdText(call.from),
      ...(to.kind === 'conference' ? { formats: 'slin' } : { originator: primaryLeg(call).channelId }),
      timeout: LINK_SECONDS,
      variables: { __TRONCAL_CALL: call.callId, __TRONCAL_LINK: to.kind === 'call' ? 'leg' : `room,${conferenceRoom(call.tenant, to.name)}` },
    });
  }
}

/** The dialplan's word of how the leg's audio was, at its end. */
const HEARD = 'troncal-heard,s,1';
/** A link is up at once or never. */
const LINK_SECONDS = 5;
const FAR_HALF = '-queue';
const ROOM_HALF = '-room';
const MEDIA_HALF = '-media';

/** The id of a conference leg's other half, which is in the conference's bridge. */
export const roomHalfOf = (channelId: string): string => `${channelId}${ROOM_HALF}`;

/** The id of a media leg's other half, where the AudioSocket application runs. */
export const mediaHalfOf = (channelId: string): string => `${channelId}${MEDIA_HALF}`;

/** The leg whose other half this channel is, of a queue, a conference or an agent; undefined for any other channel. */
export function ownerHalfOf(channelId: string): string | undefined {
  const half = [ROOM_HALF, MEDIA_HALF].find((each) => channelId.endsWith(each));
  return half === undefined ? nearHalfOf(channelId) : channelId.slice(0, -half.length);
}

/** The id of a queue leg's other half, where app_queue runs. */
export const farHalfOf = (channelId: string): string => `${channelId}${FAR_HALF}`;

/** The queue leg whose other half this channel is; undefined for any other channel. */
export function nearHalfOf(channelId: string): string | undefined {
  return channelId.endsWith(FAR_HALF) ? channelId.slice(0, -FAR_HALF.length) : undefined;
}

/** A queue's name at the edge (see asterisk/README.md). */
const queueName = (tenant: string, queue: string): string => `${tenant}_${queue}`;

function dialString(target: DialTarget): string {
  const text = target.kind === 'endpoint' ? `PJSIP/${target.sipUser}` : `PJSIP/${target.number}@${target.trunk}`;
  // Built from checked parts only; anything else in it would be a hole in the dial guard.
  if (!/^PJSIP\/[A-Za-z0-9_+*#@.-]+$/.test(text)) throw new Error(`Not a dial string: ${JSON.stringify(text)}`);
  return text;
}

const callerIdText = (shown: string): string => shown.replaceAll(/[^0-9A-Za-z+*#_-]/g, '').slice(0, 40);

function tenantVariables(call: Call): Record<string, string> {
  return Object.fromEntries(Object.entries(call.variables).map(([name, value]) => [`TRONCAL_VAR_${name}`, value]));
}
