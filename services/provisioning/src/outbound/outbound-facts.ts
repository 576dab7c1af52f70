import { TWILIO_EMERGENCY_COUNTRIES } from '@troncal/contracts';
import { readDialled, type BudgetFacts, type DialFacts, type DialRequest } from '@troncal/dial-guard';
import type { OutboundRequest, OutboundTenant } from './outbound-desk.js';

/** A request as the dial guard reads it: Twilio is one metered trunk to the countries of the tenant's policy. */
export interface GuardInput {
  readonly request: DialRequest;
  readonly facts: DialFacts;
}

/** All that the guard may know of a request without asking a database. */
export function outboundFacts({ tenant, from, dialled, ours }: OutboundRequest): GuardInput {
  const { outbound, emergency, endpoints } = tenant;
  const caller = endpoints.find((each) => each.extension === from);
  const endpoint = endpoints.find((each) => each.extension === dialled);
  const route = routeFor(tenant, dialled);
  const read = readDialled(dialled, tenant.country);
  const e164 = read.form === 'number' ? read.number.e164 : undefined;
  const our = e164 === undefined ? undefined : ours(e164);
  const shown = caller?.callerId ?? from;
  return {
    request: { tenant: tenant.tenant, to: dialled, ...(shown === null ? {} : { from: shown }) },
    facts: {
      tenant: { country: tenant.country, suspended: tenant.suspended },
      ...(endpoint && { endpoint: { extension: endpoint.extension, enabled: endpoint.enabled } }),
      ...(route && { route }),
      ...(our && e164 !== undefined && { ourNumber: { e164, environment: our.environment, tenant: our.tenant, route: our.route } }),
      trunks: [{ name: 'twilio', countries: outbound.countries, needsCallerId: true, metered: true, emergencyCountries: TWILIO_EMERGENCY_COUNTRIES }],
      numbers: tenant.numbers.map((number) => number.e164),
      policy: { tollFree: outbound.tollFree, denyPrefixes: outbound.denyPrefixes },
      ...(emergency.line && { emergencyLine: emergency.line }),
    },
  };
}

/** The same, with what a database knows of the money. */
export const withBudget = ({ request, facts }: GuardInput, budget: BudgetFacts): GuardInput => ({ request, facts: { ...facts, budget } });

/** 0 and # are the operator's and the menu's, by the policy or else by a route that has them for its extension; any other extension may be a route's too. */
function routeFor({ outbound, routes }: OutboundTenant, dialled: string): DialFacts['route'] {
  const role = dialled === '0' ? 'operator' : dialled === '#' ? 'menu' : 'route';
  const named = role === 'route' ? null : outbound[role];
  const route = routes.find((each) => (named === null ? each.route.extension === dialled : each.code === named));
  return route && { code: route.code, role };
}
