import type { DeviceSight } from '../devices/plan-devices.js';
import type { DesiredAccount } from '../twilio/account/desired-account.js';
import type { ObservedAccount } from '../twilio/account/observed-account.js';

/** An alert of Twilio's debugger. */
export interface Alert {
  /** Twilio's error code, such as `32009`. */
  readonly code: string;
  readonly level: 'error' | 'warning';
  readonly at: Date;
  /** For people. */
  readonly text: string;
  /** All that Twilio said: it may name SIP users and numbers that the text doesn't. */
  readonly about: string;
  /** Undefined when it is not known whose it is. */
  readonly tenant: string | undefined;
}

/** How legs to one of the tenant's phones, or to a number, ended with a SIP status of 400 and above in the last day. */
export interface LegFailures {
  readonly tenant: string;
  readonly target: string;
  readonly sipCode: number;
  readonly times: number;
  readonly last: Date;
}

/** A phone, and what calls have shown of it. */
export interface PhoneHealth {
  readonly extension: string;
  readonly username: string;
  readonly list: string;
  /** Twilio has the password that we keep, as far as we know; `found`: it was taken over, and only the phone knows it. */
  readonly password: 'ours' | 'not-sent' | 'found';
  readonly seenAt: Date | undefined;
  readonly unreachableAt: Date | undefined;
  /** Its telephone as its maker's cloud sees it; undefined when none is declared. */
  readonly device: DeviceSight | undefined;
}

export interface NumberHealth {
  /** E.164, or the wish while none is chosen. */
  readonly number: string;
  /** Why it is waited for, and who has to do something. */
  readonly waiting: { readonly why: string; readonly who: string } | undefined;
  /** Whose it is for whoever answers calls, from memory. */
  readonly answeredFor: string | undefined;
}

/** What a request of our own to a voice URL came to. */
export interface VoiceUrlAnswer {
  readonly url: string;
  readonly outcome: 'answered' | 'failed' | 'not-asked';
  readonly says: string;
}

/** A REST call to a phone, given up as soon as it rang. */
export interface Probe {
  readonly username: string;
  readonly outcome: 'rang' | 'unreachable' | 'silent';
  readonly says: string;
}

/** All that is looked at to tell whether a tenant's telephones work. */
export interface TenantHealth {
  readonly now: Date;
  readonly tenant: string;
  /** Its callers are refused, whatever is declared. */
  readonly suspended: boolean;
  /** Its numbers and lists are as they were found: what answers them may be another's. */
  readonly asFound: boolean;
  readonly desired: DesiredAccount;
  readonly observed: ObservedAccount;
  readonly phones: readonly PhoneHealth[];
  readonly numbers: readonly NumberHealth[];
  /** In their order; of the phones' sheets. */
  readonly codecs: readonly string[];
  readonly voiceUrls: readonly VoiceUrlAnswer[];
  /** When a call was last answered by a phone, a route or the far end. */
  readonly lastGoodCall: Date | undefined;
  readonly alerts: readonly Alert[];
  readonly failures: readonly LegFailures[];
  readonly probes: readonly Probe[];
}
