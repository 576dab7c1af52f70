/** Where Twilio asks, under an environment's public URL. What stands here is part of numbers and domains at Twilio: never rename one. */
export const VOICE_PATHS = {
  /** A call to one of our numbers. */
  number: '/twilio/voice/number',
  /** A call from a phone: the SIP domain's VoiceUrl. */
  phone: '/twilio/voice/phone',
  /** Fetched by Twilio when one of the two above fails. */
  fallback: '/twilio/voice/fallback',
  /** The next step of a route's flow. */
  flow: '/twilio/voice/flow',
  /** How an outbound leg of a phone ended. */
  outbound: '/twilio/voice/outbound',
  /** A phone asks for a transfer. */
  refer: '/twilio/voice/refer',
  /** Status of a call: the StatusCallback of numbers and of the domain. */
  status: '/twilio/status',
  /** Status of a leg that we dialled. */
  legStatus: '/twilio/status/leg',
  recording: '/twilio/recording',
  /** Twilio's errors: the debugger's webhook, or a sink of event streams. */
  errors: '/twilio/errors',
  /** A regulatory bundle was reviewed. */
  bundle: '/twilio/bundle',
  /** A usage trigger has fired. */
  usage: '/twilio/usage',
} as const;

/** What the numbers and the domain of an environment have to be given at Twilio. */
export function voiceUrlsOf(publicUrl: string): { readonly number: string; readonly phone: string; readonly fallback: string; readonly status: string; readonly errors: string } {
  const { origin } = new URL(publicUrl);
  return { number: origin + VOICE_PATHS.number, phone: origin + VOICE_PATHS.phone, fallback: origin + VOICE_PATHS.fallback, status: origin + VOICE_PATHS.status, errors: origin + VOICE_PATHS.errors };
}

/** An address under a public URL. */
export function urlOf(publicUrl: string, path: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `${new URL(publicUrl).origin}${path}${text === '' ? '' : `?${text}`}`;
}

/** Path and query of one of our addresses, as Twilio names it; undefined for what is none. */
export function addressOf(url: string | null | undefined): { readonly path: string; readonly query: URLSearchParams } | undefined {
  if (url == null || !URL.canParse(url)) return undefined;
  const { pathname: path, searchParams: query } = new URL(url);
  return { path, query };
}

/** The media stream's WebSocket, at realtime-voice. */
export function mediaUrl(publicUrl: string): string {
  return `${new URL(publicUrl).origin.replace(/^http/, 'ws')}/media/twilio`;
}
