import { attribute, methodOf } from '../twiml/attributes.js';
import { executable } from '../twiml/schema.js';
import type { XmlElement } from '../twiml/xml.js';
import { addressOf, type VerbContext } from '../flow/verb.js';

/** What a <Stream> asks for. */
export interface StreamWish {
  readonly url: string;
  readonly name: string | undefined;
  readonly tracks: readonly ('inbound' | 'outbound')[];
  /** Whether what comes back is heard: a stream of <Connect>. */
  readonly isBidirectional: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  readonly status?: { readonly url: string; readonly method: 'GET' | 'POST' };
}

const TRACKS: Readonly<Record<string, StreamWish['tracks']>> = {
  inbound_track: ['inbound'],
  outbound_track: ['outbound'],
  both_tracks: ['inbound', 'outbound'],
};

/** The wish, or what is wrong with it as Twilio's code and words. */
export function streamWish(element: XmlElement, context: VerbContext, isBidirectional: boolean): StreamWish | { readonly code: number; readonly text: string } {
  const url = addressOf(context, attribute(element, 'url') ?? '');
  const track = attribute(element, 'track') ?? 'inbound_track';
  const tracks = TRACKS[track];
  if (!URL.canParse(url)) return { code: 31923, text: `Stream - WebSocket - Malformed URL ${url}` };
  if (!url.startsWith('wss:')) return { code: 31922, text: `Stream - WebSocket - URL Schema Not Supported: ${url}` };
  if (new URL(url).search !== '') return { code: 31923, text: `Stream: ${url} has a query, which Twilio doesn't hand on: use <Parameter>` };
  if (tracks === undefined || (isBidirectional && track !== 'inbound_track')) return { code: 31941, text: `Stream - Invalid Track configuration: ${track}` };
  const status = attribute(element, 'statusCallback');
  const parameters = executable(element).map((each) => [attribute(each, 'name') ?? '', attribute(each, 'value') ?? ''] as const);
  return {
    url,
    name: attribute(element, 'name'),
    tracks,
    isBidirectional,
    parameters: Object.fromEntries(parameters),
    ...(status === undefined ? {} : { status: { url: addressOf(context, status), method: methodOf(element, 'statusCallbackMethod') } }),
  };
}
