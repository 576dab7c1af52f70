import { destinationOf, OutgoingCall, parseUri, type CallHost, type CallMediaOptions, type HostPort, type SipCall, type SipHeader } from '@troncal/sip-phone';
import type { Account } from '../accounts/account.js';
import type { World } from '../accounts/world.js';
import type { Alerts } from '../voice/alerts.js';
import type { SipReach } from '../voice/calls/dialer.js';
import type { LineEnd } from '../voice/lines/line.js';
import type { OutgoingLine } from '../voice/lines/outgoing-line.js';
import { ForkLine } from './fork-line.js';
import type { Registrar } from './registrar.js';
import { domainNamed, isTwilio, namesEdge } from './sip-domains.js';

type Wish = Parameters<SipReach['line']>[0];
interface Target {
  readonly uri: string;
  readonly destination: HostPort;
}

/** What of the server makes calls to phones. */
export interface CallMaking {
  hostFor(identity: { readonly fromUser: string; readonly domain: string; readonly credentials: Wish['credentials'] }): CallHost;
  readonly media: CallMediaOptions;
  track(call: SipCall): void;
  forget(call: SipCall): void;
}

const NOT_REGISTERED: LineEnd = { reason: 'no-answer', sipStatus: 480 };
const IMPOSSIBLE: LineEnd = { reason: 'failed', sipStatus: 404 };

/** Reaches phones: those registered at a domain of Twilio's, and others by their address. */
export class SipNetwork implements SipReach {
  constructor(
    private readonly world: World,
    private readonly registrar: Registrar,
    private readonly alerts: Alerts,
    private readonly making: CallMaking,
  ) {}

  line(wish: Wish): OutgoingLine {
    const [address = '', query = ''] = wish.uri.split('?');
    const host = parseUri(address)?.host ?? '';
    const found = isTwilio(host) ? this.registered(wish.account, address, host) : this.outside(address);
    const headers = [...headersOf(query), ['X-Twilio-AccountSid', wish.account.sid] as const];
    const targets = 'reason' in found ? [] : found;
    const domain = isTwilio(host) ? host : 'sip.twilio.com';
    const invite = (): Promise<OutgoingCall[]> => Promise.all(targets.map((target) => this.invite(target, wish, domain, headers)));
    return new ForkLine(invite, 'reason' in found ? found : NOT_REGISTERED);
  }

  private async invite(target: Target, { from, credentials, callSid }: Wish, domain: string, headers: readonly SipHeader[]): Promise<OutgoingCall> {
    const host = this.making.hostFor({ fromUser: from, domain, credentials });
    const whole = { ...target, headers: [...headers, ['X-Twilio-CallSid', callSid()] as const] };
    const call = await OutgoingCall.start(host, whole, this.making.media, (over) => this.making.forget(over));
    if (call.callEnd === undefined) this.making.track(call);
    return call;
  }

  private outside(address: string): readonly Target[] | LineEnd {
    const destination = destinationOf(address);
    return destination === undefined ? IMPOSSIBLE : [{ uri: address, destination }];
  }

  private registered(account: Account, address: string, host: string): readonly Target[] | LineEnd {
    const user = parseUri(address)?.user;
    const domain = domainNamed(this.world, host);
    const fault = this.faultOf(account, address, host, user, domain?.account);
    if (fault !== undefined) {
      this.alerts.note(account, ...fault);
      return IMPOSSIBLE;
    }
    const bindings = this.registrar.of(decodeURIComponent(user ?? ''), domain?.name ?? '');
    if (bindings.length > 0) return bindings.map(({ contact, source }) => ({ uri: contact, destination: source }));
    this.alerts.note(account, 32009, `The user you tried to dial is not registered with the corresponding SIP Domain: ${address}`);
    return NOT_REGISTERED;
  }

  private faultOf(account: Account, address: string, host: string, user?: string, owner?: Account): [code: number, text: string] | undefined {
    if (namesEdge(host)) return [32220, `Specifying an edge is not allowed when dialing SIP registered endpoints: ${address}`];
    if (user === undefined) return [32223, `There is no username in the SIP URI when calling a SIP registered endpoint: ${address}`];
    if (owner === undefined) return [32002, `SIP: Dial failure - Twilio SIP Domain not found: ${host}`];
    return owner === account || owner === account.parent ? undefined : [32214, `SIP: Invalid <Dial><Sip>: ${host} is of another account`];
  }
}

/** `X-Name=value&…` of a URI as headers. */
function headersOf(query: string): SipHeader[] {
  const all = [...new URLSearchParams(query.replaceAll('+', '%2B'))];
  return all.filter(([name]) => /^[\w-]+$/.test(name)).map(([name, value]) => [name, value.replaceAll(/[\r\n]/g, ' ')]);
}
