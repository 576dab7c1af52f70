import type { VoiceSettings } from './desired-account.js';

/** As a read tells of it; Twilio may hold null where we would not. */
export type ObservedSettings = { readonly [K in keyof VoiceSettings]: VoiceSettings[K] | null };

export interface ObservedDomain extends ObservedSettings {
  readonly sid: string;
  readonly name: string;
  readonly secure: boolean;
  readonly sipRegistration: boolean;
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

/** What a Twilio account holds. */
export interface ObservedAccount {
  /** The domain of the name that was asked for. */
  readonly domain: ObservedDomain | undefined;
  readonly lists: readonly ObservedList[];
  readonly numbers: readonly ObservedNumber[];
}
