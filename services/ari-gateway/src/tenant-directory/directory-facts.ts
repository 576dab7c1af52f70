import type { Language, Route } from '@troncal/contracts';

export interface TenantFacts {
  readonly tenant: string;
  readonly name: string;
  readonly country: string;
  readonly language: Language;
  readonly timeZone: string;
  readonly suspended: boolean;
  readonly revision: number;
}

export interface NumberFacts {
  readonly number: string;
  readonly tenant: string;
  readonly route: string;
  readonly revision: number;
}

export interface RouteFacts {
  readonly tenant: string;
  readonly code: string;
  readonly route: Route;
  readonly revision: number;
}

export interface EndpointFacts {
  readonly tenant: string;
  readonly extension: string;
  readonly sipUser: string;
  readonly displayName: string;
  readonly role: string;
  readonly queues: readonly string[];
  readonly enabled: boolean;
  readonly revision: number;
  readonly credentialRevision: number;
}

export interface TrunkFacts {
  readonly name: string;
  readonly tenant: string;
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly match: readonly string[];
  readonly countries: readonly string[];
  readonly callerId: string | null;
  readonly revision: number;
}

/** One change of the directory; `removed` leaves a tombstone with that revision. */
export type DirectoryChange =
  | { readonly kind: 'tenant'; readonly facts: TenantFacts }
  | { readonly kind: 'tenant_suspended'; readonly tenant: string; readonly revision: number }
  | { readonly kind: 'tenant_removed'; readonly tenant: string; readonly revision: number }
  | { readonly kind: 'number'; readonly facts: NumberFacts }
  | { readonly kind: 'number_removed'; readonly number: string; readonly tenant: string; readonly revision: number }
  | { readonly kind: 'route'; readonly facts: RouteFacts }
  | { readonly kind: 'route_removed'; readonly tenant: string; readonly code: string; readonly revision: number }
  | { readonly kind: 'endpoint'; readonly facts: EndpointFacts }
  | { readonly kind: 'endpoint_removed'; readonly tenant: string; readonly extension: string; readonly sipUser: string; readonly revision: number }
  | { readonly kind: 'credential'; readonly tenant: string; readonly extension: string; readonly credentialRevision: number };
