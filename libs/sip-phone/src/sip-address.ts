/** Where a datagram goes to or came from; `host` is an IP address or a name, without brackets. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface SipUri {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  /** Names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

/** A From, To, Contact or Route value: `"Ana" <sip:201@pbx>;tag=x`. */
export interface NameAddress {
  readonly displayName: string | undefined;
  /** As written. */
  readonly uri: string;
  /** Parameters of the header, not of the URI; names in lower case. */
  readonly params: ReadonlyMap<string, string>;
}

export interface Via {
  readonly sentBy: HostPort;
  readonly params: ReadonlyMap<string, string>;
}

const DEFAULT_PORT = 5060;
const URI = /^(sips?):(?:([^@\s]+)@)?(\[[^\]]+\]|[^;:?@\s]+)(?::(\d{1,5}))?((?:;[^?]*)?)(?:\?.*)?$/i;
const NAME_ADDRESS = /^(?:("(?:[^"\\]|\\.)*"|[^"<]*))?\s*<([^>]+)>\s*((?:;.*)?)$/s;
const BARE_ADDRESS = /^([^\s;<>"]+)\s*((?:;.*)?)$/s;
const VIA = /^SIP\s*\/\s*2\.0\s*\/\s*\w+\s+(\[[^\]]+\]|[^;:\s]+)\s*(?::\s*(\d{1,5}))?\s*((?:;.*)?)$/is;

/** Splits at a separator that stands outside quotes and angle brackets. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let current = '';
  let quoted = false;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const letter = text[i]!;
    if (quoted && letter === '\\') {
      current += letter + (text[i + 1] ?? '');
      i += 1;
      continue;
    }
    if (letter === '"') quoted = !quoted;
    if (!quoted && letter === '<') depth += 1;
    if (!quoted && letter === '>') depth -= 1;
    if (letter === separator && !quoted && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else current += letter;
  }
  return [...parts, current.trim()].filter((part) => part !== '');
}

const unquoted = (text: string): string => (text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : text);

function parseParams(text: string): Map<string, string> {
  return new Map(
    splitOutside(text, ';').map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part.toLowerCase(), ''] : [part.slice(0, at).trim().toLowerCase(), unquoted(part.slice(at + 1).trim())];
    }),
  );
}

const withoutBrackets = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
/** A host as it is written in a URI or Via: IPv6 addresses in brackets. */
export const writtenHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The values of a list header, those on one line apart. */
export const splitList = (values: readonly string[]): string[] => values.flatMap((value) => splitOutside(value, ','));

/** A sip or sips URI, or undefined. */
export function parseUri(text: string): SipUri | undefined {
  const match = URI.exec(text.trim());
  if (match === null) return undefined;
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && port > 65_535) return undefined;
  return { scheme: match[1]!.toLowerCase(), user: match[2]?.split(':')[0], host: withoutBrackets(match[3]!), port, params: parseParams(match[5] ?? '') };
}

/** A From, To, Contact, Route value, or undefined. URIs of other schemes than sip are kept as text. */
export function parseNameAddress(text: string): NameAddress | undefined {
  const named = NAME_ADDRESS.exec(text.trim());
  if (named !== null) {
    const displayName = unquoted((named[1] ?? '').trim());
    return { displayName: displayName === '' ? undefined : displayName, uri: named[2]!.trim(), params: parseParams(named[3] ?? '') };
  }
  const bare = BARE_ADDRESS.exec(text.trim());
  return bare === null ? undefined : { displayName: undefined, uri: bare[1]!, params: parseParams(bare[2] ?? '') };
}

export const isNameAddress = (text: string): boolean => parseNameAddress(text)?.uri.includes(':') === true;
/** The tag of a From or To value. */
export const tagOf = (value: string | undefined): string | undefined => parseNameAddress(value ?? '')?.params.get('tag');

/** Where a request with this URI goes; undefined if it isn't a sip URI. */
export function destinationOf(uri: string): HostPort | undefined {
  const parsed = parseUri(uri);
  return parsed === undefined ? undefined : { host: parsed.params.get('maddr') ?? parsed.host, port: parsed.port ?? DEFAULT_PORT };
}

/** One Via value: a transaction's address and branch. */
export function parseVia(text: string): Via | undefined {
  const match = VIA.exec(text.trim());
  if (match === null) return undefined;
  const port = match[2] === undefined ? DEFAULT_PORT : Number(match[2]);
  return port > 65_535 ? undefined : { sentBy: { host: withoutBrackets(match[1]!), port }, params: parseParams(match[3] ?? '') };
}
