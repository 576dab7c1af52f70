/** How calls reach us from Twilio; the same for a domain and for a number. */
export interface VoiceSettings {
  readonly friendlyName: string;
  readonly voiceUrl: string;
  /** Fetched when `voiceUrl` fails; null for none. */
  readonly voiceFallbackUrl: string | null;
  readonly statusCallback: string | null;
}

/** The SIP domain that phones register at and call through. */
export interface DesiredDomain extends VoiceSettings {
  /** `….sip.twilio.com`, unique over all of Twilio. It never changes: every phone has it. */
  readonly name: string;
  /** TLS and SRTP only. */
  readonly secure: boolean;
}

/** A credential list and its SIP users. Names are the natural keys: Twilio has at most one list of a name, and one user of a name in it. */
export interface DesiredList {
  readonly name: string;
  readonly usernames: readonly string[];
}

export interface DesiredNumber extends VoiceSettings {
  /** E.164, chosen and written down before it is bought: what is asked for twice is bought once. */
  readonly e164: string;
  /** Approved regulatory bundle that it needs to be bought; null for none. */
  readonly bundleSid: string | null;
  /** False for one that is there already and has to stay away when it isn't. */
  readonly mayBeBought: boolean;
}

/** What one Twilio account has to hold of ours. What is neither here nor in `gone` is somebody else's, and left alone. */
export interface DesiredAccount {
  readonly domain: DesiredDomain;
  readonly lists: readonly DesiredList[];
  readonly numbers: readonly DesiredNumber[];
  /** Lists that were ours and have to go, with their users. */
  readonly gone: { readonly lists: readonly string[] };
}
