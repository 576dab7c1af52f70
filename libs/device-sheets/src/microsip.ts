import { withExtra, type SheetOptions } from './device-sheet.js';
import { badSetting, cannotHold } from './sheet.errors.js';
import { hostPort, labelOf, serverOf, type SheetFacts } from './sheet-facts.js';

const SRTP = { off: '', optional: 'optional', required: 'mandatory' } as const;

/**
 * `MicroSIP.ini` with one account (MicroSIP's settings.cpp: it loads `[Account1]` when `domain` is not empty, and encrypts a plain
 * password at its first start, so the file is written while MicroSIP is closed, and ours deleted afterwards). Somebody with accounts of
 * his own copies the account's section only, under the next free number.
 *
 * Windows reads an .ini in the machine's code page and takes quotes off both ends of a value: names are folded to ASCII, a credential
 * that begins with a quote is refused.
 * @throws PermanentError `sheet_cannot_hold`
 */
export function microsipIni(facts: SheetFacts, options: SheetOptions = {}): string {
  const settings = { accountId: '1', singleMode: '0', enableSTUN: '0', STUN: '', audioCodecs: facts.codecs.map((codec) => `${codec}/8000/1`).join(' ') };
  return `${[...section('Settings', Object.entries(settings)), ...microsipAccount(facts, options)].join('\r\n')}\r\n`;
}

/** The section of the account alone, line by line. */
export function microsipAccount(facts: SheetFacts, options: SheetOptions = {}): string[] {
  const name = asciiLabel(facts);
  const ours = {
    label: name,
    server: hostPort(serverOf(facts), facts),
    proxy: facts.proxy === null ? '' : hostPort(facts.proxy, facts),
    domain: facts.domain,
    username: credential('username', facts.username),
    password: credential('password', facts.password),
    authID: credential('username', facts.username),
    displayName: name,
    transport: facts.transport,
    publicAddr: '',
    SRTP: SRTP[facts.srtp],
    registerRefresh: String(facts.expirySeconds),
    keepAlive: String(facts.keepAliveSeconds),
    publish: '0',
    ICE: '0',
    allowRewrite: '0',
    disableSessionTimer: '0',
  };
  return section('Account1', withExtra(ours, options));
}

function section(title: string, entries: readonly (readonly [string, string])[]): string[] {
  return [`[${title}]`, ...entries.map(([key, value]) => `${keyOf(key)}=${held(value)}`)];
}

function asciiLabel(facts: SheetFacts): string {
  const plain = labelOf(facts)
    .normalize('NFKD')
    .replaceAll(/[^ -~]/gu, '')
    .replaceAll(/["']/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return plain || facts.extension;
}

function credential(what: string, value: string): string {
  if (!/^["']/.test(value)) return value;
  throw cannotHold('MicroSIP', what, 'it begins with a quote, which Windows takes off');
}

function held(value: string): string {
  if (/^[ -~]*$/.test(value) && value === value.trim()) return value;
  throw cannotHold('MicroSIP', 'value', 'it is not one line of ASCII without outer white space');
}

function keyOf(key: string): string {
  if (/^[A-Za-z0-9_]{1,60}$/.test(key)) return key;
  throw badSetting(key, 'MicroSIP', 'voicemailNumber');
}
