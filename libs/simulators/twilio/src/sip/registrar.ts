import { header, headers, parseNameAddress, parseUri, splitList, type HostPort, type ServerTransaction, type SipHeader } from '@troncal/sip-phone';
import type { World } from '../accounts/world.js';
import type { Alerts } from '../voice/alerts.js';
import type { DigestGuard } from './digest-guard.js';
import { domainNamed, hasLists, passwordIn, type SipDomain } from './sip-domains.js';

/** Where a phone is to be reached. */
export interface Binding {
  /** As the phone wrote it: where requests say that they go. */
  readonly contact: string;
  /** Where its registration came from: where they really go, NAT or not. */
  readonly source: HostPort;
  readonly expiresAtMs: number;
}

const SHORTEST_S = 600;
const LONGEST_S = 3_600;
const MAX_BINDINGS = 10;
const MAX_PER_SECOND = 5;

/** The Contact that stands for all of them. */
const EVERY = { uri: '*', params: new Map<string, string>() };

/** Twilio's registrar: which phones are where. Rules: reference/twilio.md section 2. */
export class Registrar {
  /** By address of record, `user@domain`. */
  private readonly bindings = new Map<string, Binding[]>();
  private readonly recent = new Map<string, number[]>();

  constructor(
    private readonly world: World,
    private readonly guard: DigestGuard,
    private readonly alerts: Alerts,
  ) {}

  /** The bindings of a user that haven't run out. */
  of(user: string, domain: string): readonly Binding[] {
    const key = `${user}@${domain}`;
    const alive = (this.bindings.get(key) ?? []).filter(({ expiresAtMs }) => expiresAtMs > Date.now());
    this.bindings.set(key, alive);
    return alive;
  }

  /** All addresses of record with somebody at them. */
  all(): { readonly address: string; readonly bindings: readonly Binding[] }[] {
    return [...this.bindings.keys()].map((address) => ({ address, bindings: this.of(...splitAddress(address)) })).filter(({ bindings }) => bindings.length > 0);
  }

  /** As if a phone's network were gone: nobody is told. */
  forget(address: string): void {
    this.bindings.delete(address);
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const address = parseUri(parseNameAddress(header(request, 'To') ?? '')?.uri ?? '');
    const domain = domainNamed(this.world, parseUri(request.uri)?.host ?? '');
    if (domain === undefined) return transaction.respond(404);
    if (!domain.account.isActive) return transaction.respond(403);
    const refused = this.refusal(domain);
    if (refused !== undefined) return this.refuse(transaction, domain, ...refused);
    const identified = this.guard.identify(request, (username) => passwordIn(domain, 'registrations', username));
    if (identified.who === 'absent' || identified.who === 'stale') return this.guard.ask(transaction, identified);
    if (identified.who === 'refused') return this.refuse(transaction, domain, 32202, `SIP: Bad user credentials: ${identified.reason}`);
    const user = decodeURIComponent(address?.user ?? '');
    if (user !== identified.username) return this.refuse(transaction, domain, 32202, `SIP: Bad user credentials: ${identified.username} registers as ${user}`);
    this.bind(transaction, domain, user);
  }

  private refusal({ row, ...domain }: SipDomain): readonly [code: number, text: string] | undefined {
    if (row.attributes['sip_registration'] !== true) return [32210, `SIP: Register not supported: registration isn't enabled at ${domain.name}`];
    if (!hasLists({ row, ...domain }, 'registrations')) {
      return [32212, `SIP: Registration Authentication problem: no credential list is mapped to ${domain.name} for registrations`];
    }
    return undefined;
  }

  private refuse(transaction: ServerTransaction, { account, row }: SipDomain, code: number, text: string): void {
    this.alerts.note(account, code, text, { resourceSid: row.sid });
    transaction.respond(403);
  }

  private bind(transaction: ServerTransaction, domain: SipDomain, user: string): void {
    const { request, source } = transaction;
    const key = `${user}@${domain.name}`;
    if (this.isTooOften(key)) {
      this.alerts.note(domain.account, 32008, `SIP: Registration per second limit reached by ${key}`, { resourceSid: domain.row.sid });
      return transaction.respond(503);
    }
    const stated = header(request, 'Expires');
    const contacts = splitList(headers(request, 'Contact')).map((value) => (value === '*' ? EVERY : parseNameAddress(value)));
    let bindings = [...this.of(user, domain.name)];
    for (const contact of contacts) {
      if (contact === undefined) return transaction.respond(400);
      const wanted = Number(contact.params.get('expires') ?? stated ?? LONGEST_S);
      if (wanted !== 0 && wanted < SHORTEST_S) return transaction.respond(423, { headers: [['Min-Expires', String(SHORTEST_S)]] });
      bindings = contact.uri === '*' ? [] : bindings.filter((binding) => binding.contact !== contact.uri);
      if (wanted !== 0) bindings.push({ contact: contact.uri, source, expiresAtMs: Date.now() + 1_000 * Math.min(wanted, LONGEST_S) });
    }
    if (bindings.length > MAX_BINDINGS) {
      this.alerts.note(domain.account, 32007, `SIP: Too many endpoints/bindings for ${key}: at most ${MAX_BINDINGS}`, { resourceSid: domain.row.sid });
      return transaction.respond(403);
    }
    this.bindings.set(key, bindings);
    transaction.respond(200, { headers: bindings.map(contactOf) });
  }

  private isTooOften(key: string): boolean {
    const now = performance.now();
    const times = (this.recent.get(key) ?? []).filter((at) => now - at < 1_000);
    this.recent.set(key, [...times, now]);
    return times.length >= MAX_PER_SECOND;
  }
}

const contactOf = ({ contact, expiresAtMs }: Binding): SipHeader => ['Contact', `<${contact}>;expires=${Math.round((expiresAtMs - Date.now()) / 1_000)}`];

function splitAddress(address: string): [user: string, domain: string] {
  const at = address.lastIndexOf('@');
  return [address.slice(0, at), address.slice(at + 1)];
}
