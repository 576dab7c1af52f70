import type { EdgeAddress, EmergencyPolicy, Language, OutboundPolicy, Route } from '@troncal/contracts';

/** A route as it stood at one revision. */
export interface VoiceRoute {
  readonly code: string;
  readonly revision: number;
  readonly route: Route;
}

/** A phone: a SIP user of the tenant's domain, or of our Asterisk. */
export interface VoiceEndpoint {
  readonly extension: string;
  readonly role: string;
  readonly displayName: string;
  /** Where it registers. */
  readonly rail: 'twilio' | 'asterisk';
  /** As it registers: `+56229145248-office` at Twilio, `plaza_201` at our Asterisk. */
  readonly username: string;
  /** E.164, what it shows when it calls out; null for none of its own. */
  readonly callerId: string | null;
  readonly enabled: boolean;
  /** Queues whose calls it takes, besides that of its role's name. */
  readonly queues?: readonly string[];
}

/** All that Twilio's rail has to know of one tenant in one environment. */
export interface VoiceTenant {
  readonly environment: string;
  readonly tenant: string;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly language: Language;
  /** BCP 47, `es-CL`: whose voice is taken. */
  readonly locale: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly suspended: boolean;
  /** The SIP domain, in full: `x.sip.twilio.com`. */
  readonly domain: string;
  /** It is in a subaccount of its own. Absent: in the platform's account, with others. */
  readonly ownAccount?: boolean;
  readonly numbers: readonly { readonly e164: string; readonly route: string }[];
  /** The revision in force of each; older ones may stand beside it. */
  readonly routes: readonly VoiceRoute[];
  readonly endpoints: readonly VoiceEndpoint[];
  readonly outbound: OutboundPolicy;
  readonly emergency: EmergencyPolicy;
}

/** The account that a tenant has of its own. */
export interface VoiceSubaccount {
  readonly tenant: string;
  readonly sid: string;
  readonly tokens: readonly string[];
}

/** Where Twilio reaches our Asterisk, and how it shows there that it calls for us. */
export interface VoiceEdge extends EdgeAddress {
  readonly username: string;
  readonly password: string;
}

/** Where and how one environment is reached, and by what it knows that it is Twilio who asks. */
export interface VoiceEnvironment {
  readonly name: string;
  /** Where Twilio finds us, without a path: `https://voice.example.com`. */
  readonly publicUrl: string;
  /** Where Twilio asks when that doesn't answer; its questions are signed for this one then. */
  readonly fallbackUrl?: string;
  /** Auth tokens of the platform's account; two while one is being replaced. */
  readonly tokens: readonly string[];
  /** Accounts that single tenants have of their own. */
  readonly subaccounts?: readonly VoiceSubaccount[];
  /** The account has "Enhanced Programmable SIP Features": several phones may be rung at once. */
  readonly enhancedSip: boolean;
  /** Absent where Twilio has no way to our Asterisk. */
  readonly edge?: VoiceEdge;
}
