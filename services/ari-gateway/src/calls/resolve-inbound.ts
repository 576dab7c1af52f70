import { routeTo } from '@troncal/callflow';
import { PLATFORM_TENANT, type CallRefusedV1, type DataOf, type Route } from '@troncal/contracts';
import { decide, type DialDecision } from '@troncal/dial-guard';
import { readNumber } from '@troncal/kernel';
import type { EndpointFacts, RouteFacts, TenantFacts } from '../tenant-directory/directory-facts.js';
import type { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import type { Call, DialTarget, Direction } from './call.js';
import { dialFacts, targetOf } from './dial-facts.js';

/** A caller as the dialplan hands it over (asterisk/README.md): `Stasis(troncal,inbound,<kind>,<dialled>,<tenant>)`. */
export interface Arrival {
  readonly kind: 'internal' | 'trunk';
  /** Digits, `+`, `*` and `#` only; `s` for a line without numbers. */
  readonly dialled: string;
  readonly tenant: string;
  /** The endpoint that the call came from: a SIP user, or a trunk. */
  readonly endpoint: string;
  /** What the caller says it is; believed for trunks only. */
  readonly callerNumber: string;
}

type RefusalReason = DataOf<typeof CallRefusedV1>['reason'];

/** What is to be done with a caller. */
export type Resolution =
  | { readonly accepted: true; readonly tenant: TenantFacts; readonly direction: Direction; readonly from: string; readonly route: Route; readonly routeRef: Call['routeRef']; readonly dials: Readonly<Record<string, DialTarget>>; readonly decision?: DialDecision }
  | { readonly accepted: false; readonly tenant: string; readonly direction: Direction; readonly from: string; readonly reason: RefusalReason; readonly cause: number; readonly detail: string; readonly decision?: DialDecision };

/** The extension that a line without numbers leads to. */
const DEFAULT_EXTENSION = '100';

/** Finds the route for a caller, or why there is none. Pure: looks at the directory in memory only. */
export function resolveInbound(arrival: Arrival, directory: TenantDirectory): Resolution {
  return arrival.kind === 'internal' ? fromPhone(arrival, directory) : fromTrunk(arrival, directory);
}

function fromPhone(arrival: Arrival, directory: TenantDirectory): Resolution {
  const phone = directory.endpointOfSipUser(arrival.endpoint);
  const tenant = directory.tenant(phone?.tenant ?? arrival.tenant);
  const from = phone?.extension ?? '';
  const { dialled } = arrival;
  if (!tenant) return { accepted: false, tenant: PLATFORM_TENANT, direction: 'internal', from, reason: 'not_allowed', cause: 21, detail: `no tenant "${arrival.tenant}" is known here; its TenantCreated may still be on the way` };
  const decision = decide({ tenant: tenant.tenant, to: dialled, from }, dialFacts(directory, tenant.tenant, dialled));
  if (decision.allowed && decision.reason === 'emergency') return outside(tenant, from, dialled, decision);
  if (tenant.suspended) return refuseSuspended(tenant, from, 'internal');
  const route = directory.routeByExtension(tenant.tenant, dialled) ?? ownNumber(dialled, tenant, directory);
  if (route) return accept(tenant, 'internal', from, route);
  const endpoint = directory.endpoint(tenant.tenant, dialled);
  if (endpoint?.enabled) return toPhone(tenant, from, endpoint);
  if (decision.allowed) return outside(tenant, from, dialled, decision);
  const base = { accepted: false, tenant: tenant.tenant, from, detail: `${decision.detail}: ${decision.remedy}`.slice(0, 500), decision } as const;
  switch (decision.reason) {
    case 'no_such_endpoint':
    case 'endpoint_disabled':
      return { ...base, direction: 'internal', reason: 'no_such_endpoint', cause: 1 };
    case 'invalid_number':
      return { ...base, direction: 'outbound', reason: 'invalid_number', cause: 28 };
    case 'no_trunk':
      return { ...base, direction: 'outbound', reason: 'not_allowed', cause: 3 };
    case 'unknown_tenant':
    case 'tenant_suspended':
    case 'number_type_denied':
    case 'country_not_allowed':
    case 'premium_denied':
    case 'shared_cost_denied':
    case 'personal_number_denied':
    case 'satellite_denied':
    case 'international_network_denied':
    case 'toll_free_denied':
    case 'prefix_denied':
    case 'lookalike_country':
    case 'caller_id_not_owned':
    case 'no_caller_id':
    case 'budget_unknown':
    case 'no_rate':
    case 'spend_cap':
    case 'minutes_cap':
    case 'burst_cap':
    case 'concurrency_cap':
      return { ...base, direction: 'outbound', reason: 'not_allowed', cause: 21 };
  }
}

function fromTrunk(arrival: Arrival, directory: TenantDirectory): Resolution {
  const owner = directory.tenant(arrival.tenant);
  const from = (readNumber(arrival.callerNumber, owner?.country)?.e164 ?? arrival.callerNumber.replaceAll(/[^0-9+]/g, '')).slice(0, 80);
  const number = [`+${arrival.dialled.replace(/^\+/, '')}`, readNumber(arrival.dialled, owner?.country)?.e164 ?? '']
    .map((candidate) => directory.number(candidate))
    .find((found) => found !== undefined && (arrival.tenant === '' || found.tenant === arrival.tenant));
  const tenant = number ? directory.tenant(number.tenant) : owner;
  if (tenant?.suspended) return refuseSuspended(tenant, from, 'inbound');
  const route = number ? directory.route(number.tenant, number.route) : arrival.dialled === 's' && owner ? directory.routeByExtension(owner.tenant, DEFAULT_EXTENSION) : undefined;
  if (tenant && route) return accept(tenant, 'inbound', from, route);
  return {
    accepted: false, tenant: number?.tenant ?? PLATFORM_TENANT, direction: 'inbound', from, reason: 'unknown_number', cause: 1,
    detail: number ? `its route "${number.route}" is gone: declare it, or assign the number anew` : 'no tenant has this number: assign it with PUT /api/tenants/TENANT/numbers/NUMBER',
  };
}

function accept(tenant: TenantFacts, direction: Direction, from: string, { code, revision, route }: RouteFacts): Resolution {
  return { accepted: true, tenant, direction, from, route, routeRef: { code, revision }, dials: {} };
}

function toPhone(tenant: TenantFacts, from: string, { extension }: EndpointFacts): Resolution {
  return { accepted: true, tenant, direction: 'internal', from, route: routeTo({ kind: 'extension', extension, announce: false }, tenant.language), routeRef: null, dials: {} };
}

/** A phone that calls out: rung like another phone, through the trunk that the dial guard chose. */
function outside(tenant: TenantFacts, from: string, dialled: string, decision: DialDecision & { readonly allowed: true }): Resolution {
  const target = targetOf(decision.destination, directoryFree);
  if (!target) return { accepted: false, tenant: tenant.tenant, direction: 'outbound', from, reason: 'not_allowed', cause: 3, detail: `tenant "${tenant.tenant}" has no trunk to reach ${dialled} by`, decision };
  const extension = dialled.replaceAll(/[^0-9*#]/g, '');
  return {
    accepted: true, tenant, direction: 'outbound', from, routeRef: null, decision, dials: { [extension]: target },
    route: routeTo({ kind: 'extension', extension, announce: false }, tenant.language),
  };
}

const directoryFree = (): undefined => undefined;

function ownNumber(dialled: string, tenant: TenantFacts, directory: TenantDirectory): RouteFacts | undefined {
  const e164 = readNumber(dialled, tenant.country)?.e164;
  const number = e164 === undefined ? undefined : directory.number(e164);
  return number?.tenant === tenant.tenant ? directory.route(tenant.tenant, number.route) : undefined;
}

function refuseSuspended(tenant: TenantFacts, from: string, direction: Direction): Resolution {
  return { accepted: false, tenant: tenant.tenant, direction, from, reason: 'tenant_suspended', cause: 21, detail: `tenant "${tenant.tenant}" is suspended: lift it with PATCH /api/tenants/{code}` };
}
