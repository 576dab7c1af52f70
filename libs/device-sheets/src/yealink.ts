import { withExtra, type SheetOptions } from './device-sheet.js';
import { badSetting, cannotHold } from './sheet.errors.js';
import { labelOf, portOf, type SheetCodec, type SheetFacts } from './sheet-facts.js';

const TRANSPORT = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP = { off: '0', optional: '1', required: '2' } as const;
/** Every codec that a Yealink would offer by itself. */
const CODECS = ['pcmu', 'pcma', 'g722', 'g729'] as const;

/**
 * Account 1 of a Yealink, as `account.1.*` keys of firmware 80 and later. What isn't named keeps its old value, so each key that is ours is
 * written, a second server among them (`%NULL%` clears).
 *
 * The format has no escape: a line is a key and all that follows the `=`. A name loses what could end it, a credential with such a character is refused.
 * @throws PermanentError `sheet_cannot_hold`
 */
export function yealinkCfg(facts: SheetFacts, options: SheetOptions = {}): string {
  const label = held(labelOf(facts).replaceAll('#', ' ').replaceAll('%', ' ').replaceAll(/\s+/gu, ' ').trim() || facts.extension);
  const server = {
    address: facts.domain,
    port: String(portOf(facts)),
    transport_type: TRANSPORT[facts.transport],
    expires: String(facts.expirySeconds),
    retry_counts: '3',
  };
  const account = {
    enable: '1',
    label,
    display_name: label,
    auth_name: credential('username', facts.username),
    user_name: credential('username', facts.username),
    password: credential('password', facts.password),
    ...Object.fromEntries(Object.entries(server).map(([key, value]) => [`sip_server.1.${key}`, value])),
    'sip_server.2.address': '%NULL%',
    outbound_proxy_enable: facts.proxy === null ? '0' : '1',
    'outbound_proxy.1.address': facts.proxy ?? '%NULL%',
    'outbound_proxy.1.port': String(portOf(facts)),
    'nat.nat_traversal': '0',
    'nat.udp_update_enable': '1',
    'nat.udp_update_time': String(facts.keepAliveSeconds),
    'nat.rport': '1',
    'dtmf.type': '1',
    'dtmf.dtmf_payload': '101',
    srtp_encryption: SRTP[facts.srtp],
    ...codecKeys(facts.codecs),
  };
  const ours = Object.fromEntries(Object.entries(account).map(([key, value]) => [`account.1.${key}`, value]));
  const settings = withExtra(ours, options).map(([key, value]) => `${keyOf(key)} = ${held(value)}`);
  // The version has to be the first line, or the phone takes none of it.
  return `${['#!version:1.0.0.1', ...settings].join('\n')}\n`;
}

function codecKeys(codecs: readonly SheetCodec[]): Record<string, string> {
  const wanted = codecs.map((codec) => codec.toLowerCase());
  return Object.fromEntries(
    CODECS.flatMap((codec) => {
      const place = wanted.indexOf(codec) + 1;
      return [[`codec.${codec}.enable`, place > 0 ? '1' : '0'], ...(place > 0 ? [[`codec.${codec}.priority`, String(place)]] : [])];
    }),
  ) as Record<string, string>;
}

function credential(what: string, value: string): string {
  // Whether `#` begins a comment inside a line is not established, and %NULL% is no value at all.
  if (!/[#]|^%/.test(value)) return value;
  throw cannotHold('Yealink', what, 'it has a "#" or begins with "%"');
}

function held(value: string): string {
  if (!/[\r\n]/.test(value) && value === value.trim()) return value;
  throw cannotHold('Yealink', 'value', 'it has a line break or outer white space');
}

function keyOf(key: string): string {
  if (/^[a-z0-9_.]{1,80}$/i.test(key)) return key;
  throw badSetting(key, 'Yealink', 'account.1.100rel_enable');
}
