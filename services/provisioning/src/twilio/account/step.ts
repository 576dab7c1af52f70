import type { AddressAction } from './address-list/address-list.js';
import type { TriggerAction } from './usage-triggers/usage-trigger.js';
import type { DesiredDomain, DesiredNumber, MappingWay, VoiceSettings } from './desired-account.js';

/** What is different, with what it has to become. */
export type DomainChanges = Partial<VoiceSettings & { readonly secure: boolean; readonly sipRegistration: true }>;
export type NumberChanges = Partial<VoiceSettings>;

/** Countries by what becomes of calls to them. High-risk numbers are never permitted, and kept from being called in `off` and `lowRiskOnly`. */
export interface PermissionChanges {
  readonly on: readonly string[];
  readonly off: readonly string[];
  readonly lowRiskOnly: readonly string[];
  /** They were its parent's so far: it gets its own first. */
  readonly own: boolean;
}

/** What becomes of a subaccount as a whole. */
export type SubaccountAction =
  | { readonly do: 'open-account'; readonly name: string; readonly domain: string }
  | { readonly do: 'set-status'; readonly sid: string; readonly name: string; readonly status: 'active' | 'suspended' };

/** One change of an account: one request, or none when it turns out to be so already. Things that the same plan makes are named, not identified. */
export type Action =
  | { readonly do: 'create-domain'; readonly domain: DesiredDomain }
  | { readonly do: 'change-domain'; readonly sid: string; readonly changes: DomainChanges }
  | { readonly do: 'create-list'; readonly list: string }
  | { readonly do: 'create-user'; readonly list: string; readonly username: string }
  | { readonly do: 'set-password'; readonly list: string; readonly username: string; readonly sid: string }
  | { readonly do: 'map-list'; readonly list: string; readonly way: MappingWay }
  | { readonly do: 'buy-number'; readonly number: DesiredNumber }
  /** Out of another account of the same parent's. */
  | { readonly do: 'move-number'; readonly number: DesiredNumber; readonly sid: string; readonly from: string }
  | { readonly do: 'change-number'; readonly sid: string; readonly e164: string; readonly changes: NumberChanges }
  | { readonly do: 'remove-user'; readonly list: string; readonly username: string; readonly sid: string }
  | { readonly do: 'unmap-list'; readonly list: string; readonly way: MappingWay }
  | { readonly do: 'remove-list'; readonly list: string }
  | { readonly do: 'release-number'; readonly sid: string; readonly e164: string }
  | ({ readonly do: 'permit-countries' } & PermissionChanges)
  | TriggerAction
  | AddressAction
  | SubaccountAction;

/** A change and what has to be done before it. */
export interface Step {
  /** The natural key of what it changes: the same in every plan, so that a step is known again after a crash. */
  readonly key: string;
  readonly action: Action;
  /** Keys of steps of this plan. */
  readonly after: readonly string[];
}

export const step = (key: string, action: Action, after: readonly string[] = []): Step => ({ key, action, after });

export const ACCOUNT_KEY = 'account';
export const DOMAIN_KEY = 'domain';
export const PERMISSIONS_KEY = 'permissions';
export const listKey = (list: string): string => `list:${list}`;
export const userKey = (list: string, username: string): string => `user:${list}/${username}`;
export const mappingKey = (list: string, way: MappingWay): string => `mapping:${list}/${way}`;
export const numberKey = (e164: string): string => `number:${e164}`;
