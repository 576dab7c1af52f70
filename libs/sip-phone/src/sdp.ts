import type { HostPort } from './sip-address.js';
import { SdpError } from './sip-phone.errors.js';

export type CodecName = 'PCMU' | 'PCMA';
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

const STATIC_TYPES: Readonly<Record<CodecName, number>> = { PCMU: 0, PCMA: 8 };
const DIRECTIONS: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/** What the other side's description says of its audio. */
export interface RemoteAudio {
  /** Where it wants RTP; undefined when its port is 0. */
  readonly address: HostPort | undefined;
  /** Codecs of ours that it takes, in its order, with its payload types. */
  readonly codecs: readonly { readonly name: CodecName; readonly payloadType: number }[];
  /** Payload type of telephone-event at 8 kHz, if it takes that. */
  readonly eventType: number | undefined;
  /** As the other side sees it; a connection to 0.0.0.0 is the hold of RFC 2543. */
  readonly direction: Direction;
  /** Media lines in order, to be refused or taken one by one in an answer. */
  readonly lines: readonly { readonly media: string; readonly protocol: string; readonly formats: string; readonly isAudio: boolean }[];
}

interface MediaSection {
  readonly media: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: string;
  readonly attributes: readonly string[];
  readonly connection: string | undefined;
}

function sectionsOf(sdp: string): MediaSection[] {
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0') throw new SdpError('the session description does not begin with v=0');
  const starts = lines.flatMap((line, i) => (line.startsWith('m=') ? [i] : []));
  const common = lines.slice(0, starts[0] ?? lines.length);
  return starts.map((start, i) => {
    const own = lines.slice(start, starts[i + 1] ?? lines.length);
    const match = /^m=(\S+) (\d{1,5})(?:\/\d+)? (\S+) (.+)$/.exec(own[0]!);
    if (match === null || Number(match[2]) > 65_535) throw new SdpError(`bad media line '${own[0]}'`);
    const connection = [...own, ...common].find((line) => line.startsWith('c='));
    const direction = own.some((line) => DIRECTIONS.some((each) => line === `a=${each}`)) ? [] : common.filter((line) => DIRECTIONS.some((each) => line === `a=${each}`));
    return { media: match[1]!, port: Number(match[2]), protocol: match[3]!, formats: match[4]!, attributes: [...own, ...direction].filter((line) => line.startsWith('a=')), connection };
  });
}

/** Payload type to encoding name and rate, static types included. */
function formatsOf(section: MediaSection): Map<number, string> {
  const types = new Map([[0, 'PCMU/8000'], [8, 'PCMA/8000']]);
  for (const line of section.attributes) {
    const match = /^a=rtpmap:(\d+)\s+(\S+?)(?:\/1)?$/.exec(line);
    if (match !== null) types.set(Number(match[1]), match[2]!.toUpperCase());
  }
  const listed = section.formats.split(/\s+/).map(Number);
  return new Map(listed.flatMap((type) => (types.has(type) ? [[type, types.get(type)!] as const] : [])));
}

function directionOf(section: MediaSection, host: string | undefined): Direction {
  const stated = DIRECTIONS.find((each) => section.attributes.includes(`a=${each}`)) ?? 'sendrecv';
  if (host !== '0.0.0.0') return stated;
  return stated === 'recvonly' || stated === 'inactive' ? 'inactive' : 'sendonly';
}

/** Reads an offer or answer; throws SdpError when it has no audio over RTP/AVP or no codec of ours. */
export function parseSdp(sdp: string): RemoteAudio {
  const sections = sectionsOf(sdp);
  const section = sections.find((each) => each.media === 'audio' && each.protocol === 'RTP/AVP');
  if (section === undefined) throw new SdpError(`no audio over RTP/AVP, but ${sections.map((each) => `${each.media} ${each.protocol}`).join(', ') || 'nothing'}`);
  const host = /^c=IN IP[46] (\S+?)(?:\/\d+)*$/.exec(section.connection ?? '')?.[1];
  if (host === undefined) throw new SdpError(`no usable connection line: '${section.connection ?? ''}'`);
  const formats = formatsOf(section);
  const codecs = [...formats].flatMap(([payloadType, name]) => (name === 'PCMU/8000' || name === 'PCMA/8000' ? [{ name: name.slice(0, 4) as CodecName, payloadType }] : []));
  if (codecs.length === 0) throw new SdpError(`no codec in common: it offers ${[...formats.values()].join(', ') || section.formats}, we speak PCMU and PCMA`);
  return {
    address: section.port === 0 || host === '0.0.0.0' ? undefined : { host, port: section.port },
    codecs,
    eventType: [...formats].find(([, name]) => name === 'TELEPHONE-EVENT/8000')?.[0],
    direction: directionOf(section, host),
    lines: sections.map((each) => ({ media: each.media, protocol: each.protocol, formats: each.formats, isAudio: each === section })),
  };
}

/** Our half of a description. */
export interface LocalAudio {
  readonly sessionId: number;
  /** Raised by one for each description that differs from the one before. */
  readonly version: number;
  readonly address: HostPort;
  readonly codecs: readonly { readonly name: CodecName; readonly payloadType: number }[];
  readonly eventType: number | undefined;
  readonly direction: Direction;
}

/** Our codecs with their static payload types, as an offer lists them. */
export const offeredCodecs = (names: readonly CodecName[]): LocalAudio['codecs'] => names.map((name) => ({ name, payloadType: STATIC_TYPES[name] }));

/** An offer, or with `answering` the answer to that offer: every other media line is refused with port 0. */
export function formatSdp(local: LocalAudio, answering?: RemoteAudio): string {
  const family = local.address.host.includes(':') ? 'IP6' : 'IP4';
  const types = [...local.codecs.map((codec) => codec.payloadType), ...(local.eventType === undefined ? [] : [local.eventType])];
  const audio = [
    `m=audio ${local.address.port} RTP/AVP ${types.join(' ')}`,
    ...local.codecs.map((codec) => `a=rtpmap:${codec.payloadType} ${codec.name}/8000`),
    ...(local.eventType === undefined ? [] : [`a=rtpmap:${local.eventType} telephone-event/8000`, `a=fmtp:${local.eventType} 0-16`]),
    'a=ptime:20',
    `a=${local.direction}`,
  ];
  const media = answering === undefined ? audio : answering.lines.flatMap((line) => (line.isAudio ? audio : [`m=${line.media} 0 ${line.protocol} ${line.formats}`]));
  return [`v=0`, `o=- ${local.sessionId} ${local.version} IN ${family} ${local.address.host}`, 's=-', `c=IN ${family} ${local.address.host}`, 't=0 0', ...media, ''].join('\r\n');
}

/** The direction that answers an offered one, when this side would like to send and receive. */
export function answerDirection(offered: Direction): Direction {
  if (offered === 'sendonly') return 'recvonly';
  return offered === 'recvonly' ? 'sendonly' : offered;
}
