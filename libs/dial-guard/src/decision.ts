import type { BudgetFacts, CapName } from './budget.js';

/** Who wants to call whom. */
export interface DialRequest {
  readonly tenant: string;
  /** As dialled: an extension of the tenant, or a number (E.164, or national of the tenant's country). */
  readonly to: string;
  /** Caller ID wished for. */
  readonly from?: string;
}

/** A carrier or gateway that the tenant has declared. */
export interface TrunkFacts {
  readonly name: string;
  /** ISO 3166 countries that may be called through it. */
  readonly countries: readonly string[];
  readonly callerId?: string;
  /** It takes no call without a caller ID of the tenant's. */
  readonly needsCallerId?: boolean;
  /** Calls through it cost money that is counted: none is allowed without a budget. */
  readonly metered?: boolean;
  /** Countries whose emergency calls it carries; all when absent. */
  readonly emergencyCountries?: readonly string[];
}

/** What is known at the moment of the decision; a decision is repeatable from its request and these alone. */
export interface DialFacts {
  /** Absent: there is no such tenant. */
  readonly tenant?: { readonly country: string; readonly suspended: boolean };
  /** The tenant's endpoint of that extension, if there is one. */
  readonly endpoint?: { readonly extension: string; readonly enabled: boolean };
  /** The tenant's route that answers what was dialled, if one does. */
  readonly route?: { readonly code: string; readonly role: 'operator' | 'menu' | 'route' };
  /** Whose the number dialled is, when it is one of ours: it is reached without a carrier. */
  readonly ourNumber?: { readonly e164: string; readonly environment: string; readonly tenant: string; readonly route: string };
  /** The tenant's trunks, in the order in which they are to be tried. */
  readonly trunks: readonly TrunkFacts[];
  /** Numbers that the tenant owns: what it may show as caller, besides its trunks' own. */
  readonly numbers: readonly string[];
  /** What the tenant's own policy refuses further. */
  readonly policy?: { readonly tollFree: boolean; readonly denyPrefixes: readonly string[] };
  /** The tenant's own line for emergency calls that no trunk carries. */
  readonly emergencyLine?: { readonly host: string; readonly transport: 'udp' | 'tcp' | 'tls' };
  /** For metered trunks: what is left, and what the call costs. */
  readonly budget?: BudgetFacts;
}

/** When a metered call is to be ended, and what is kept for it until it is settled. */
export interface CallLimit {
  readonly timeLimitS: number;
  readonly reserveMinutes: number;
  readonly reserveMicros: number;
}

/** Where an allowed call goes. */
export type DialDestination =
  | { readonly kind: 'endpoint'; readonly extension: string }
  | { readonly kind: 'route'; readonly route: string; readonly role: 'operator' | 'menu' | 'route' }
  /** `number` in E.164. */
  | { readonly kind: 'our-number'; readonly number: string }
  /** `number` in E.164. `limit` is there for metered trunks. */
  | { readonly kind: 'trunk'; readonly trunk: string; readonly number: string; readonly callerId?: string; readonly limit?: CallLimit }
  /** `trunk` and `line` are absent when the tenant has none that carries it: allowed, but there is no way out, which the caller must be told. */
  | { readonly kind: 'emergency'; readonly number: string; readonly trunk?: string; readonly line?: NonNullable<DialFacts['emergencyLine']>; readonly callerId?: string };

/** Why a call is refused. */
export type DenialReason =
  | 'unknown_tenant'
  | 'tenant_suspended'
  | 'endpoint_disabled'
  | 'no_such_endpoint'
  | 'invalid_number'
  /** Pagers, voicemail, UAN, carriers' own ranges. */
  | 'number_type_denied'
  | 'premium_denied'
  | 'shared_cost_denied'
  | 'personal_number_denied'
  | 'satellite_denied'
  | 'international_network_denied'
  | 'toll_free_denied'
  | 'prefix_denied'
  | 'no_trunk'
  | 'country_not_allowed'
  /** It begins like a number of an allowed country and belongs to another. */
  | 'lookalike_country'
  | 'caller_id_not_owned'
  | 'no_caller_id'
  /** No budget is known: the money can't be asked for. */
  | 'budget_unknown'
  | 'no_rate'
  | 'spend_cap'
  | 'minutes_cap'
  | 'burst_cap'
  | 'concurrency_cap';

/** A refusal. `number` (E.164) is there when one was read; `cap` when one was reached. */
export interface Denial {
  readonly allowed: false;
  readonly reason: DenialReason;
  readonly detail: string;
  readonly remedy: string;
  readonly number?: string;
  readonly cap?: { readonly name: CapName; readonly limit: number; readonly used: number };
}

/** A decision with all that it was made from, to be stored as it is. */
export type DialDecision = { readonly inputs: { readonly request: DialRequest; readonly facts: DialFacts } } & (
  | { readonly allowed: true; readonly reason: 'internal' | 'trunk' | 'emergency'; readonly destination: DialDestination }
  | Denial
);
