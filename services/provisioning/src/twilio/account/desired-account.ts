import { z } from 'zod';
import type { DesiredAddressList } from './address-list/address-list.js';
import type { DesiredTriggers } from './usage-triggers/usage-trigger.js';

/** Twilio's longest friendly name. */
export const LONGEST_NAME = 64;

/** How something that was made by hand was found. */
export const foundSettingsSchema = z.object({ friendlyName: z.string(), voiceUrl: z.string().nullable(), voiceFallbackUrl: z.string().nullable(), statusCallback: z.string().nullable() });
export type FoundSettings = z.output<typeof foundSettingsSchema>;

/** How calls reach us from Twilio; the same for a domain and for a number. */
export interface VoiceSettings {
  readonly friendlyName: string;
  /** null for what was found without one: its calls fail. */
  readonly voiceUrl: string | null;
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

/** Which of a domain's two lists of lists. They know nothing of each other, and a phone needs both. */
export type MappingWay = 'calls' | 'registrations';

/** A credential list and its SIP users. Names are the natural keys: Twilio has at most one list of a name, and one user of a name in it. */
export interface DesiredList {
  readonly name: string;
  readonly usernames: readonly string[];
  /** Of those the ones that, when they are there, may have another password than ours: they are given ours. */
  readonly unsure: readonly string[];
  /** What its users may do. Ways that are not named here are left as they are. */
  readonly ways: readonly MappingWay[];
}

export interface DesiredNumber extends VoiceSettings {
  /** E.164, chosen and written down before it is bought: what is asked for twice is bought once. */
  readonly e164: string;
  /** Approved regulatory bundle that it needs to be bought; null for none. */
  readonly bundleSid: string | null;
  /** Address that it needs to be bought; null for none. */
  readonly addressSid: string | null;
  /** What to do when the account hasn't got it: buy it, or wait for whoever has to bring it. */
  readonly whenMissing: 'buy' | Missing;
}

/** Why a number has to be waited for, and who has to do something about it. */
export interface Missing {
  readonly why: string;
  readonly who: string;
}

/** Countries that phones may call. They are the account's: the platform's has those of all tenants without a subaccount, a subaccount its own tenant's. */
export interface DesiredPermissions {
  /** ISO 3166-1 alpha-2. */
  readonly countries: readonly string[];
  /** Nothing else may be called: what is on and not wanted is turned off. Otherwise that may be somebody else's, and stays. */
  readonly exact: boolean;
  /** A subaccount's have to be its own, and not its parent's. */
  readonly own?: boolean;
}

/** What one Twilio account has to hold of ours. What is neither here nor in `gone` is somebody else's, and left alone. */
export interface DesiredAccount {
  readonly domain: DesiredDomain;
  readonly lists: readonly DesiredList[];
  readonly numbers: readonly DesiredNumber[];
  readonly permissions: DesiredPermissions;
  /** Left as they are when absent. */
  readonly triggers?: DesiredTriggers;
  /** Left as it is when absent. */
  readonly addressList?: DesiredAddressList;
  /** What was ours and has to go: lists with their users, and numbers, which nobody gets back. */
  readonly gone: { readonly lists: readonly string[]; readonly numbers: readonly string[] };
}
