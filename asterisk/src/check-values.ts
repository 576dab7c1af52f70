import { isIPv4 } from 'node:net';
import type { Fault } from '@troncal/kernel';
import { stateDirs, type EdgeValues } from './edge-values.js';

/** The unix socket `asterisk.ctl` lies in the run folder, and such a path holds at most 107 bytes (unix(7)). */
const MAX_SOCKET_PATH = 107;

/** What a configuration value may hold at all: no line end, comment, template or quoting character, nor Asterisk's `,` between arguments. */
const SAFE = /^[^\p{Cc};{}"'\\`$,\s]+$/u;
/** A path may hold single blanks: people clone into such folders. `&` would split the dialplan's Playback. */
export const SAFE_PATH = /^\/[^\p{Cc};{}"'\\`$,&|\s]+(?: [^\p{Cc};{}"'\\`$,&|\s]+)*$/u;
const WORD = /^[A-Za-z0-9_.-]+$/;

/** What a path must be, for messages. */
export const PATH_RULE = 'expected an absolute path without quotes, commas, semicolons, braces, "&", "|", "$" and "\\"';

/** Every fault of these values; none when they can be rendered. */
export function faultsOf(values: EdgeValues): Fault[] {
  const faults: Fault[] = [];
  const check = (where: string, ok: boolean, message: string): void => {
    if (!ok) faults.push({ where, message });
  };
  const word = (where: string, value: unknown): void => check(where, typeof value === 'string' && WORD.test(value), 'expected letters, digits, "_", "." and "-" only');
  const safe = (where: string, value: unknown): void =>
    check(where, typeof value === 'string' && SAFE.test(value), 'expected a text without blanks, quotes, commas, semicolons, braces, "$", "\\" and control characters');
  const address = (where: string, value: unknown): void => check(where, typeof value === 'string' && isIPv4(value), 'expected an IPv4 address');
  const port = (where: string, value: unknown): void => check(where, isPort(value), 'expected a port, 1 to 65535');

  check('edgeId', typeof values.edgeId === 'string' && /^[a-z0-9-]{1,32}$/.test(values.edgeId), 'expected 1 to 32 of a-z, 0-9 and "-"');
  address('sip.bind', values.sip.bind);
  port('sip.port', values.sip.port);
  word('sip.realm', values.sip.realm);
  if (values.sip.externalAddress !== undefined) {
    address('sip.externalAddress', values.sip.externalAddress);
    check('sip.localNets', (values.sip.localNets ?? []).length > 0, 'expected at least one network when externalAddress is set, or phones nearby get the outer address');
  }
  for (const [index, net] of (values.sip.localNets ?? []).entries()) check(`sip.localNets.${index}`, isNet(net), 'expected a network like 10.0.0.0/8');
  if (values.sip.tls !== undefined) {
    port('sip.tls.port', values.sip.tls.port);
    check('sip.tls.port', values.sip.tls.port !== values.sip.port, 'expected another port than that of TCP');
    for (const file of ['certificate', 'key'] as const) check(`sip.tls.${file}`, SAFE_PATH.test(values.sip.tls[file]), PATH_RULE);
  }
  port('rtp.start', values.rtp.start);
  port('rtp.end', values.rtp.end);
  check('rtp', values.rtp.end - values.rtp.start >= 3, 'expected at least four ports: two for each leg');
  for (const door of ['ari', 'ami'] as const) {
    address(`${door}.bind`, values[door].bind);
    port(`${door}.port`, values[door].port);
    word(`${door}.user`, values[door].user);
    // `[general]` is a section of the same files.
    check(`${door}.user`, values[door].user !== 'general', 'is taken by the file itself');
    safe(`${door}.password`, values[door].password);
  }
  if (values.ami.permit !== undefined) check('ami.permit', isNet(values.ami.permit), 'expected a network like 10.0.0.0/8');
  for (const field of ['host', 'database', 'user', 'password'] as const) word(`postgres.${field}`, values.postgres[field]);
  port('postgres.port', values.postgres.port);
  check('mediaUrl', isMediaUrl(values.mediaUrl), 'expected ws:// or wss:// with a host and no query: Asterisk adds the leg as query');
  if (values.audioSocket !== undefined) check('audioSocket', isHostPort(values.audioSocket), 'expected host:port');
  for (const [name, folder] of Object.entries(values.dirs)) check(`dirs.${name}`, SAFE_PATH.test(folder), PATH_RULE);
  const socket = `${stateDirs(values).run}/asterisk.ctl`;
  check('dirs.state', Buffer.byteLength(socket) <= MAX_SOCKET_PATH, `is too long: the socket ${socket} would have more than ${MAX_SOCKET_PATH} bytes`);
  return faults;
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function isNet(value: string): boolean {
  const [address, bits] = value.split('/');
  return isIPv4(address ?? '') && bits !== undefined && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
}

function isHostPort(value: string): boolean {
  const [, host, number] = /^([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(value) ?? [];
  return host !== undefined && isPort(Number(number));
}

function isMediaUrl(value: string): boolean {
  return SAFE.test(value) && /^wss?:\/\/[^/?#@]+(\/[^?#]*)?$/.test(value) && URL.canParse(value);
}
