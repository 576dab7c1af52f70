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
}

/** What is known at the moment of the decision; a decision is repeatable from its request and these alone. */
export interface DialFacts {
  /** Absent: there is no such tenant. */
  readonly tenant?: { readonly country: string; readonly suspended: boolean };
  /** The tenant's endpoint of that extension, if there is one. */
  readonly endpoint?: { readonly extension: string; readonly enabled: boolean };
  /** The tenant's trunks, in the order in which they are to be tried. */
  readonly trunks: readonly TrunkFacts[];
  /** Numbers that the tenant owns: what it may show as caller, besides its trunks' own. */
  readonly numbers: readonly string[];
}

/** Where an allowed call goes. */
export type DialDestination =
  | { readonly kind: 'endpoint'; readonly extension: string }
  /** `number` in E.164. */
  | { readonly kind: 'trunk'; readonly trunk: string; readonly number: string; readonly callerId?: string }
  /** `trunk` is absent when the tenant has none: allowed, but there is no way out, which the caller must be told. */
  | { readonly kind: 'emergency'; readonly number: string; readonly trunk?: string; readonly callerId?: string };

/** Why a call is refused. */
export type DenialReason =
  | 'unknown_tenant'
  | 'tenant_suspended'
  | 'endpoint_disabled'
  | 'no_such_endpoint'
  | 'invalid_number'
  | 'number_type_denied'
  | 'no_trunk'
  | 'country_not_allowed'
  | 'caller_id_not_owned';

/** A decision with all that it was made from, to be stored as it is. */
export type DialDecision = { readonly inputs: { readonly request: DialRequest; readonly facts: DialFacts } } & (
  | { readonly allowed: true; readonly reason: 'internal' | 'trunk' | 'emergency'; readonly destination: DialDestination }
  | { readonly allowed: false; readonly reason: DenialReason; readonly detail: string; readonly remedy: string }
);
