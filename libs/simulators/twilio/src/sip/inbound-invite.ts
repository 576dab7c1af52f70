import { header, parseNameAddress, parseUri, type ServerTransaction, type SipCall, type SipRequest } from '@troncal/sip-phone';
import { numberNamed, placesOf, takeIn } from '../voice/calls/inbound.js';
import type { VoicePlane } from '../voice/voice-plane.js';
import type { DigestGuard, Identified } from './digest-guard.js';
import { admits, domainNamed, hasAddresses, hasLists, passwordIn } from './sip-domains.js';
import { SipLine } from './sip-line.js';

/** Rings the caller's side of an INVITE that was let in. */
export type Ring = (transaction: ServerTransaction) => SipCall;

/** Calls that phones make through a domain. An INVITE is let in by the lists that are mapped for calls, and by them alone: From is whatever the phone wrote. */
export class DomainCalls {
  constructor(
    private readonly plane: VoicePlane,
    private readonly guard: DigestGuard,
    private readonly ring: Ring,
  ) {}

  receive(transaction: ServerTransaction): void {
    const { request, source } = transaction;
    const domain = domainNamed(this.plane.world, parseUri(request.uri)?.host ?? '');
    if (domain === undefined) return transaction.respond(404);
    const { account, row, name } = domain;
    const refuse = (code: number, text: string): void => {
      this.plane.alerts.note(account, code, text, { resourceSid: row.sid });
      transaction.respond(403);
    };
    if (!account.isActive) return transaction.respond(403);
    if (row.attributes['secure'] === true) return refuse(32209, `SIP: Secure transport required by ${name}`);
    if (!hasLists(domain, 'calls') && !hasAddresses(domain)) return refuse(32201, `SIP: ${name} takes no calls: no list is mapped to it for calls`);
    if (!admits(domain, source.host)) return refuse(32201, `SIP: Source IP address not in ACL: ${source.host}`);
    // Where both kinds of lists are mapped both have to let it in.
    const passwordOf = (username: string): string | undefined => passwordIn(domain, 'calls', username);
    const identified: Identified = hasLists(domain, 'calls') ? this.guard.identify(request, passwordOf) : { who: 'user', username: '' };
    if (identified.who === 'absent' || identified.who === 'stale') return this.guard.ask(transaction, identified);
    if (identified.who === 'refused') return refuse(32202, `SIP: Bad user credentials: ${identified.reason}`);
    const call = this.ring(transaction);
    const uriOf = (field: string): string => parseNameAddress(header(request, field) ?? '')?.uri ?? '';
    takeIn(this.plane, {
      account,
      from: uriOf('From'),
      to: request.uri,
      line: new SipLine(call),
      attributes: row.attributes,
      extra: {
        SipDomain: name,
        SipDomainSid: row.sid,
        ...(identified.username === '' ? {} : { SipUsername: identified.username }),
        SipCallId: header(request, 'Call-ID') ?? '',
        SipSourceIp: source.host,
        ...ownHeaders(request),
      },
    });
  }
}

/** Calls from the telephone network that a real SIP phone plays: who may send here is trusted. The user parts are numbers. */
export class TrunkCalls {
  constructor(
    private readonly plane: VoicePlane,
    private readonly ring: Ring,
  ) {}

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const userOf = (uri: string): string => decodeURIComponent(parseUri(uri)?.user ?? '');
    const address = parseNameAddress(header(request, 'From') ?? '');
    const [from, to] = [userOf(address?.uri ?? ''), userOf(request.uri)];
    const number = numberNamed(this.plane.world, to);
    if (number === undefined) return transaction.respond(404);
    const name = address?.displayName;
    const extra = { ...placesOf(from, to), ...(name === undefined ? {} : { CallerName: name }) };
    takeIn(this.plane, { ...number, from, to, line: new SipLine(this.ring(transaction)), extra });
  }
}

/** X- headers as Twilio hands them on. */
function ownHeaders({ headers }: SipRequest): Record<string, string> {
  const own = headers.filter(([name]) => /^X-/i.test(name));
  return Object.fromEntries(own.map(([name, value]) => [`SipHeader_${name}`, value]));
}
