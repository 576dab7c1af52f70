import type { DesiredDomain, DesiredNumber, VoiceSettings } from './desired-account.js';

/** Which of a domain's two lists of lists. They know nothing of each other, and a phone needs both. */
export type MappingWay = 'calls' | 'registrations';

/** What is different, with what it has to become. */
export type DomainChanges = Partial<VoiceSettings & { readonly secure: boolean; readonly sipRegistration: true }>;
export type NumberChanges = Partial<VoiceSettings>;

/** One change of an account: one request, or none when it turns out to be so already. Things that the same plan makes are named, not identified. */
export type Action =
  | { readonly do: 'create-domain'; readonly domain: DesiredDomain }
  | { readonly do: 'change-domain'; readonly sid: string; readonly changes: DomainChanges }
  | { readonly do: 'create-list'; readonly list: string }
  | { readonly do: 'create-user'; readonly list: string; readonly username: string }
  | { readonly do: 'map-list'; readonly list: string; readonly way: MappingWay }
  | { readonly do: 'buy-number'; readonly number: DesiredNumber }
  | { readonly do: 'change-number'; readonly sid: string; readonly e164: string; readonly changes: NumberChanges }
  | { readonly do: 'remove-user'; readonly list: string; readonly username: string; readonly sid: string }
  | { readonly do: 'unmap-list'; readonly list: string; readonly way: MappingWay }
  | { readonly do: 'remove-list'; readonly list: string };

/** A change and what has to be done before it. */
export interface Step {
  /** The natural key of what it changes: the same in every plan, so that a step is known again after a crash. */
  readonly key: string;
  readonly action: Action;
  /** Keys of steps of this plan. */
  readonly after: readonly string[];
}

export const DOMAIN_KEY = 'domain';
export const listKey = (list: string): string => `list:${list}`;
export const userKey = (list: string, username: string): string => `user:${list}/${username}`;
export const mappingKey = (list: string, way: MappingWay): string => `mapping:${list}/${way}`;
export const numberKey = (e164: string): string => `number:${e164}`;
