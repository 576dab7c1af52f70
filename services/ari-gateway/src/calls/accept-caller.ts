import { ChannelNotInStasisError, isGone, type AriClient, type Channel } from '@troncal/ari';
import { newCallId, newId } from '@troncal/kernel';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { DialDecisions } from '../originate/dial-decisions.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { pickupSlot, type AcceptPickup } from './accept-pickup.js';
import type { CallRefusals } from './call-refusals.js';
import type { CallRegistry } from './call-registry.js';
import { newCall } from './new-call.js';
import { readHandover, resolveHandover } from './handover.js';
import { resolveInbound, type Arrival, type Resolution } from './resolve-inbound.js';

/** Q.850 16, normal clearing. */
const NORMAL = 16;
/** Q.850 3, no route to destination: what Twilio's side goes on after. */
const NO_ROUTE = 3;

/** What accepting a caller needs besides the calls themselves. */
export interface AcceptPorts {
  readonly ari: AriClient;
  readonly directory: TenantDirectory;
  readonly refusals: CallRefusals;
  readonly decisions: DialDecisions;
  readonly pickup: AcceptPickup;
  readonly clock: Clock;
  readonly edgeId: string;
}

/** Takes a caller in who has entered the application, or refuses it with a SIP cause and CallRefused. Needs no database and no bus. */
export class AcceptCaller {
  constructor(
    private readonly registry: CallRegistry,
    private readonly ports: AcceptPorts,
    private readonly logger: Logger,
  ) {}

  /** @param args the application's arguments, `inbound` first; anything else is no caller of ours. A channel that has its call already is left alone. */
  async run(channel: Channel, args: readonly string[]): Promise<void> {
    const [word, kind, dialled, tenant] = args;
    if (word !== 'inbound' || this.registry.ofChannel(channel.id)) return;
    if (kind === 'rail') return this.takeOver(channel, args);
    if (kind !== 'internal' && kind !== 'trunk') return;
    const arrival: Arrival = { kind, dialled: dialled ?? '', tenant: tenant ?? '', endpoint: endpointOf(channel.name), callerNumber: channel.caller.number };
    if (kind === 'internal' && pickupSlot(arrival.dialled) !== undefined && (await this.ports.pickup.run(channel, arrival, (channelId) => this.take(channelId)))) return;
    const resolution = resolveInbound(arrival, this.ports.directory);
    if (!resolution.accepted) return this.refuse(channel, arrival, resolution);
    const { tenant: owner, decision, ...rest } = resolution;
    const { accepted: _accepted, ...facts } = rest;
    const answered = channel.state === 'Up';
    const call = newCall({
      ...facts, tenant: owner.tenant, to: arrival.dialled, edgeId: this.ports.edgeId, language: rest.route.language, channelId: channel.id, primary: 'caller', answered,
      now: this.ports.clock.now(),
    });
    if (decision) this.ports.decisions.keepSoon({ decisionId: newId(), callId: call.callId, decision });
    this.take(channel.id);
    // A caller who is answered before we see it was served by the dialplan's fallback first.
    await this.registry.open(call).ask({ kind: 'begin', viaFallback: answered });
  }

  /** A call goes on here that Twilio's rail has begun. One that can't is told to nobody: it goes on there. */
  private async takeOver(channel: Channel, args: readonly string[]): Promise<void> {
    const handover = readHandover(args);
    const taken = handover && resolveHandover(handover, this.ports.directory);
    if (!handover || !taken) {
      this.logger.warn({ args: args.slice(2) }, 'a call of Twilio’s rail can’t go on here: its tenant, route or node is not known, or is switched off');
      return this.hangUp(channel.id, NO_ROUTE);
    }
    const { tenant, route, routeRef } = taken;
    const { callId, node, language } = handover;
    const call = newCall({
      tenant: tenant.tenant, direction: 'inbound', from: channel.caller.number.slice(0, 80), to: handover.called, route, routeRef, dials: {}, edgeId: this.ports.edgeId, language, channelId: channel.id, primary: 'caller',
      answered: channel.state === 'Up', carries: { callId, node, language }, now: this.ports.clock.now(),
    });
    this.take(channel.id);
    await this.registry.open(call).ask({ kind: 'begin' });
  }

  /**
   * Tells the dialplan that somebody looks after this caller: untaken, it goes to the fallback after 1.5 s (asterisk/README.md). One that is
   * there no more, or has gone on to the fallback, is none of ours; its StasisEnd may have come before there was a call to tell.
   */
  private take(channelId: string): void {
    this.ports.ari.channels.setChannelVar({ channelId, variable: 'TIMEOUT(absolute)', value: '0' }).catch((error: unknown) => {
      if (isGone(error) || error instanceof ChannelNotInStasisError) this.registry.tellChannel(channelId, { kind: 'leg_gone', channelId, cause: NORMAL });
      else this.logger.warn({ err: error, channel: channelId }, 'a caller could not be taken from the fallback');
    });
  }

  private async refuse(channel: Channel, arrival: Arrival, { tenant, from, direction, reason, cause, detail, decision }: Extract<Resolution, { accepted: false }>): Promise<void> {
    this.logger.info({ tenant, reason, cause, to: arrival.dialled }, 'a caller is refused');
    const callId = newCallId();
    await this.hangUp(channel.id, cause);
    this.ports.refusals.tellSoon(tenant, { callId, from, to: arrival.dialled.slice(0, 80), direction, reason, cause, detail });
    if (decision) this.ports.decisions.keepSoon({ decisionId: newId(), callId, decision });
  }

  private async hangUp(channelId: string, cause: number): Promise<void> {
    await this.ports.ari.channels.hangup({ channelId, reason_code: String(cause) }).catch((error: unknown) => {
      if (!isGone(error)) this.logger.warn({ err: error }, 'a refused caller could not be hung up');
    });
  }
}

/** `PJSIP/demo_202-0000001a` → `demo_202`: who authenticated, which no header can forge. */
function endpointOf(channelName: string): string {
  return /^PJSIP\/(.+)-[0-9a-f]+$/.exec(channelName)?.[1] ?? '';
}
