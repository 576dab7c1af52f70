import type { VoiceSettings } from './desired-account.js';
import type { ObservedAddresses } from './address-list/address-list.js';
import type { ObservedTrigger } from './usage-triggers/usage-trigger.js';

/** As a read tells of it; Twilio may hold null where we would not. */
export type ObservedSettings = { readonly [K in keyof VoiceSettings]: VoiceSettings[K] | null };

export interface ObservedDomain extends ObservedSettings {
  readonly sid: string;
  readonly name: string;
  readonly secure: boolean;
  readonly sipRegistration: boolean;
  /** Some address list is mapped to it, whoever's: calls come in from its addresses alone. */
  readonly byAddress?: boolean;
}

export interface ObservedList {
  readonly sid: string;
  readonly name: string;
  readonly users: readonly { readonly sid: string; readonly username: string }[];
  /** Its users may call through the domain. */
  readonly calls: boolean;
  /** Its users may register at the domain. */
  readonly registers: boolean;
}

export interface ObservedNumber extends ObservedSettings {
  readonly sid: string;
  readonly e164: string;
  /** Something else than a URL answers its calls: an application or a trunk, which win over the URL. */
  readonly answeredBy: 'url' | 'application' | 'trunk';
}

/** Which kinds of numbers of a country may be called. */
export interface ObservedPermission {
  readonly lowRisk: boolean;
  /** Premium and special numbers, or those that have been used for fraud. */
  readonly highRisk: boolean;
}

/** Where a number is, and what it is called there. */
export interface NumberElsewhere {
  /** That account's SID. */
  readonly account: string;
  readonly sid: string;
}

/** What a Twilio account holds. */
export interface ObservedAccount {
  /** The domain of the name that was asked for. */
  readonly domain: ObservedDomain | undefined;
  readonly lists: readonly ObservedList[];
  readonly numbers: readonly ObservedNumber[];
  /** By country (ISO 3166-1 alpha-2), all that Twilio knows; why they could not be read otherwise. */
  readonly permissions: ReadonlyMap<string, ObservedPermission> | { readonly unread: string };
  /** They are the parent's, which a subaccount has until it gets its own. */
  readonly inherited?: boolean;
  /** Numbers that are missed here, in other accounts of the same parent's, by E.164. */
  readonly elsewhere?: ReadonlyMap<string, NumberElsewhere>;
  /** Of everybody; absent when they were not asked for. */
  readonly triggers?: readonly ObservedTrigger[];
  /** Absent when they were not asked for. */
  readonly addresses?: ObservedAddresses;
  /** How many the account has, whoever's they are. */
  readonly counts: { readonly domains: number; readonly lists: number };
}
