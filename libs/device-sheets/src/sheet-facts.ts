import { PermanentError, type Fault } from '@troncal/kernel';

/** How SIP travels. */
export type SheetTransport = 'udp' | 'tcp' | 'tls';
/** G.711 in its two laws: the only codecs that both Twilio's SIP interface and every phone speak. */
export type SheetCodec = 'PCMU' | 'PCMA';

/** What a rail asks of a phone, whichever phone it is. Times in seconds. */
export interface SheetTerms {
  /** How long a registration lasts. */
  readonly expirySeconds: number;
  readonly transport: SheetTransport;
  readonly srtp: 'off' | 'optional' | 'required';
  /** In order of preference; nothing else is offered. */
  readonly codecs: readonly SheetCodec[];
  readonly stun: 'off';
  /** Digits as RTP events (RFC 4733), never as tones in the audio. */
  readonly dtmf: 'rfc4733';
  /** How often an idle phone keeps its NAT open. */
  readonly keepAliveSeconds: number;
  /** Audio is sent to where it comes from. */
  readonly symmetricRtp: boolean;
  /** The protection space of the registrar's challenge, where it is known: then a phone may be given a digest instead of the password. */
  readonly realm: string | null;
}

/** All that a phone has to be told of one account. */
export interface SheetFacts extends SheetTerms {
  readonly tenant: string;
  readonly displayName: string;
  readonly extension: string;
  readonly role: string;
  readonly username: string;
  readonly password: string;
  /** What stands behind the `@` of the account's address, and the registrar. */
  readonly domain: string;
  /** Where SIP is sent to instead of `domain`, such as Twilio's `sip.sao-paulo.twilio.com`; null: to the domain itself. */
  readonly proxy: string | null;
  /** Null: the transport's own, 5060 or 5061 for TLS. */
  readonly port: number | null;
  /** An IANA name, `America/Santiago`. */
  readonly timeZone: string;
  readonly language: 'es' | 'en';
}

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;
/** The `user` of a SIP URI without escapes (RFC 3261 section 25.1), so that it is the same wherever it stands. */
const USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,64}$/;
const VISIBLE_ASCII = /^[!-~]{1,128}$/;

const RULES: readonly (readonly [where: keyof SheetFacts, holds: (facts: SheetFacts) => boolean, expected: string])[] = [
  ['tenant', ({ tenant }) => /^[a-z0-9-][a-z0-9_-]{1,31}$/.test(tenant), 'a tenant code'],
  ['extension', ({ extension }) => /^[0-9]{1,16}$/.test(extension), 'up to 16 digits'],
  ['username', ({ username }) => USER.test(username), 'up to 64 characters that a SIP user may have unescaped'],
  ['password', ({ password }) => VISIBLE_ASCII.test(password), 'up to 128 visible ASCII characters'],
  ['domain', ({ domain }) => HOST.test(domain), 'a host name'],
  ['proxy', ({ proxy }) => proxy === null || HOST.test(proxy), 'a host name or null'],
  ['port', ({ port }) => port === null || within(port, 1, 65_535), 'a port or null'],
  // The least is what our edge takes (`minimum_expiration`), the most what Grandstream's P32 does: 64,800 minutes are never asked for.
  ['expirySeconds', ({ expirySeconds }) => within(expirySeconds, 60, 86_400), '60 to 86400 seconds'],
  // Grandstream's P84 takes no others.
  ['keepAliveSeconds', ({ keepAliveSeconds }) => within(keepAliveSeconds, 10, 160), '10 to 160 seconds'],
  ['codecs', ({ codecs }) => codecs.length > 0 && new Set(codecs).size === codecs.length, 'at least one codec, each once'],
  ['realm', ({ realm }) => realm === null || VISIBLE_ASCII.test(realm), 'visible ASCII characters or null'],
];

/**
 * What no sheet could hold is refused before any is written: a name may be anything (see {@link labelOf}), but a user, a password and a
 * host stand for themselves in every format. No message shows a value.
 * @throws PermanentError `bad_sheet_facts` that names every fault
 */
export function requireSheetFacts(facts: SheetFacts): void {
  const faults: Fault[] = RULES.filter(([, holds]) => !holds(facts)).map(([where, , expected]) => ({ where: `/${where}`, message: `expected ${expected}` }));
  if (faults.length === 0) return;
  const summary = faults.map(({ where, message }) => `${where}: ${message}`).join('; ');
  throw new PermanentError('bad_sheet_facts', `No device sheet can be written for an endpoint of ${facts.tenant}: ${summary}.`, {
    faults,
    remedy: 'Correct the declaration; a user or a password that no phone takes: rotate it.',
  });
}

const within = (value: number, least: number, most: number): boolean => Number.isInteger(value) && value >= least && value <= most;

/**
 * A name as a phone may show it: one line of at most 60 characters with no control, formatting or unpaired character (a bidirectional
 * override would make a printed sheet lie), and the extension when nothing is left.
 */
export function labelOf(facts: Pick<SheetFacts, 'displayName' | 'extension'>): string {
  const line = facts.displayName
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Noncharacter_Code_Point}\u2028\u2029\uFFFD]/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
  return Array.from(line).slice(0, 60).join('').trim() || facts.extension;
}

/** The port that SIP goes to. */
export const portOf = ({ port, transport }: Pick<SheetFacts, 'port' | 'transport'>): number => port ?? (transport === 'tls' ? 5061 : 5060);

/** `host`, or `host:port` when the port is not the transport's own: with a port no phone looks for SRV records (RFC 3263 section 4.2). */
export const hostPort = (host: string, facts: Pick<SheetFacts, 'port'>): string => (facts.port === null ? host : `${host}:${String(facts.port)}`);

/** Where SIP goes to. */
export const serverOf = ({ domain, proxy }: Pick<SheetFacts, 'domain' | 'proxy'>): string => proxy ?? domain;
