import { isNameAddress, parseVia, splitList, tagOf, type Via } from './sip-address.js';

/** One header field: canonical name, value with folding undone. Repeated fields stay apart and in order. */
export type SipHeader = readonly [name: string, value: string];

export interface SipRequest {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly SipHeader[];
  readonly body: string;
}

export interface SipResponse {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly SipHeader[];
  readonly body: string;
}

export type SipMessage = SipRequest | SipResponse;

/** A datagram that is no usable SIP message, and why. */
export interface SipFault {
  readonly kind: 'fault';
  readonly fault: string;
}

/** Compact names of RFC 3261, 7.3.3 and of the extensions that a PBX uses. */
const COMPACT: Readonly<Record<string, string>> = {
  i: 'Call-ID',
  m: 'Contact',
  e: 'Content-Encoding',
  l: 'Content-Length',
  c: 'Content-Type',
  f: 'From',
  s: 'Subject',
  k: 'Supported',
  t: 'To',
  v: 'Via',
  o: 'Event',
  r: 'Refer-To',
  b: 'Referred-By',
  x: 'Session-Expires',
};
const REQUIRED = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
const REQUEST_LINE = /^([\w\-.!%*+`'~]+) ([^\s<>]+) SIP\/2\.0$/i;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/i;
const HEADER_LINE = /^([^\s:]+)[ \t]*:[ \t]*(.*?)[ \t]*$/;
const CSEQ = /^(\d{1,10})\s+(\S+)$/;
/** RFC 3261, 8.1.1.5: a sequence number is below 2**31. */
const CSEQ_LIMIT = 2 ** 31;

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
const fault = (text: string): SipFault => ({ kind: 'fault', fault: text });

/** The first value of a field, or undefined. */
export const header = (message: SipMessage, name: string): string | undefined => message.headers.find(([each]) => same(each, name))?.[1];
/** All values of a field, one per line of the message; lists on one line stay together. */
export const headers = (message: SipMessage, name: string): string[] => message.headers.filter(([each]) => same(each, name)).map(([, value]) => value);

/** The number and method of CSeq; parsing made sure that they are there. */
export function cseqOf(message: SipMessage): { readonly number: number; readonly method: string } {
  const match = CSEQ.exec(header(message, 'CSeq') ?? '');
  return { number: Number(match?.[1] ?? 0), method: match?.[2] ?? '' };
}

export const tagOfFrom = (message: SipMessage): string | undefined => tagOf(header(message, 'From'));
export const tagOfTo = (message: SipMessage): string | undefined => tagOf(header(message, 'To'));

/** The topmost Via, or undefined when it can't be read. */
export function topViaOf(message: SipMessage): Via | undefined {
  const [first] = splitList([header(message, 'Via') ?? '']);
  return first === undefined ? undefined : parseVia(first);
}

function parseHeaders(lines: readonly string[]): SipHeader[] | SipFault {
  const fields: SipHeader[] = [];
  for (const line of lines) {
    const match = HEADER_LINE.exec(line);
    if (match === null) return fault(`no header field: ${JSON.stringify(line.slice(0, 60))}`);
    const name = match[1]!;
    fields.push([COMPACT[name.toLowerCase()] ?? name, utf8(match[2]!)]);
  }
  return fields;
}

function startLine(line: string): { method: string; uri: string } | { status: number; reason: string } | undefined {
  const request = REQUEST_LINE.exec(line);
  if (request !== null) return { method: request[1]!, uri: request[2]! };
  const status = STATUS_LINE.exec(line);
  return status === null ? undefined : { status: Number(status[1]), reason: utf8(status[2] ?? '') };
}

/** What is wrong with a message whose lines could be read. */
function contentFault(message: SipMessage): string | undefined {
  const missing = REQUIRED.filter((name) => header(message, name) === undefined);
  if (missing.length > 0) return `missing ${missing.join(', ')}`;
  const cseq = CSEQ.exec(header(message, 'CSeq') ?? '');
  if (cseq === null || Number(cseq[1]) >= CSEQ_LIMIT) return `bad CSeq '${header(message, 'CSeq')}'`;
  if (message.kind === 'request' && cseq[2] !== message.method) return `CSeq says ${cseq[2]}, the request ${message.method}`;
  if (topViaOf(message) === undefined) return `bad Via '${header(message, 'Via')}'`;
  for (const name of ['From', 'To']) if (!isNameAddress(header(message, name) ?? '')) return `bad ${name} '${header(message, name)}'`;
  return undefined;
}

/** The body by Content-Length, which over UDP may be left out and may be followed by stray bytes (RFC 3261, 18.3). */
function bodyOf(fields: readonly SipHeader[], rest: string): string | SipFault {
  const stated = fields.find(([name]) => same(name, 'Content-Length'))?.[1];
  if (stated === undefined) return utf8(rest);
  if (!/^\d{1,6}$/.test(stated)) return fault(`bad Content-Length '${stated}'`);
  if (Number(stated) > rest.length) return fault(`Content-Length ${stated}, but the body has ${rest.length} bytes`);
  return utf8(rest.slice(0, Number(stated)));
}

/**
 * Reads one datagram. Never throws: whatever isn't a whole, usable message is a fault. Header names keep their spelling but for compact
 * ones; compare them by `header` and `headers`.
 */
export function parseSipMessage(datagram: Uint8Array): SipMessage | SipFault {
  // One character per byte, so that lengths are lengths in bytes; text is decoded piece by piece.
  const text = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).toString('latin1').replace(/^[\r\n\0]+/, '');
  const blank = /\r?\n\r?\n/.exec(text);
  if (blank === null) return fault(text === '' ? 'keep-alive' : 'no end of the header');
  const [first = '', ...lines] = text.slice(0, blank.index).replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const start = startLine(first);
  if (start === undefined) return fault(`no SIP start line: ${JSON.stringify(first.slice(0, 60))}`);
  const fields = parseHeaders(lines);
  if ('fault' in fields) return fields;
  const body = bodyOf(fields, text.slice(blank.index + blank[0].length));
  if (typeof body !== 'string') return body;
  const message: SipMessage = 'method' in start ? { kind: 'request', ...start, headers: fields, body } : { kind: 'response', ...start, headers: fields, body };
  const wrong = contentFault(message);
  return wrong === undefined ? message : fault(wrong);
}

/** The bytes of a message; Content-Length is set here and nowhere else. */
export function formatSipMessage(message: SipMessage): Buffer {
  const first = message.kind === 'request' ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`;
  const body = Buffer.from(message.body, 'utf8');
  const fields = message.headers.filter(([name]) => !same(name, 'Content-Length')).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from([first, ...fields, `Content-Length: ${body.length}`, '', ''].join('\r\n'), 'utf8'), body]);
}
