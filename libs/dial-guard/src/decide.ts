import { maskNumber, readNumber, type NumberFacts } from '@troncal/kernel';
import { affords, type BudgetFacts, type BudgetVerdict } from './budget.js';
import type { Denial, DenialReason, DialDecision, DialDestination, DialFacts, DialRequest, TrunkFacts } from './decision.js';
import { readDialled, shownDialled } from './dialled.js';
import { emergencyNumberOf, ownEmergencyNumber } from './emergency.js';
import { classOf, looksLikeAllowed, type NumberClass } from './number-class.js';

const EXTENSION = /^[0-9*#]{1,6}$/;

/**
 * Decides one outbound call. Pure and repeatable; denies whatever no rule allows, and says why with a stable reason code.
 * In order: emergency numbers are never blocked; the tenant must be active; then an endpoint, a route or a number of ours; then a valid number of a
 * callable class, in a country that one of the tenant's trunks allows, under a caller ID that the tenant owns, and within its budget where the trunk is
 * metered. What an allowed call dials is the number that was judged, never the text that was dialled.
 */
export function decide(request: DialRequest, facts: DialFacts): DialDecision {
  const inputs = { request, facts };
  const country = facts.tenant?.country ?? '';
  const emergency = emergencyNumberOf(request.to, country);
  if (emergency !== undefined) return { inputs, allowed: true, reason: 'emergency', destination: emergencyWay(emergency, country, facts) };
  const found = facts.tenant ? within(request, facts, facts.tenant) : deny('unknown_tenant', `there is no tenant "${request.tenant}"`, 'Create it with POST /api/tenants.');
  return 'kind' in found ? { inputs, allowed: true, reason: found.kind === 'trunk' ? 'trunk' : 'internal', destination: found } : { inputs, ...found };
}

function within(request: DialRequest, facts: DialFacts, tenant: { readonly country: string; readonly suspended: boolean }): DialDestination | Denial {
  const { to } = request;
  if (tenant.suspended) return deny('tenant_suspended', `tenant "${request.tenant}" is suspended`, 'Lift the suspension with PATCH /api/tenants/{code}.');
  if (facts.endpoint?.extension === to) {
    if (facts.endpoint.enabled) return { kind: 'endpoint', extension: to };
    return deny('endpoint_disabled', `extension ${to} is disabled`, 'Enable it with PUT /api/tenants/{code}/endpoints/{extension}.');
  }
  if (facts.route) return { kind: 'route', route: facts.route.code, role: facts.route.role };
  const dialled = readDialled(to, tenant.country);
  switch (dialled.form) {
    case 'short':
      return deny('no_such_endpoint', `tenant "${request.tenant}" has no extension ${to}`, 'Declare it with PUT /api/tenants/{code}/endpoints/{extension}.');
    case 'unreadable':
      return deny('invalid_number', `${shownDialled(to)} ${dialled.why}`, 'Dial an extension, or a number in E.164, e.g. +56225550100.');
    case 'number':
      if (facts.ourNumber?.e164 === dialled.number.e164) return { kind: 'our-number', number: dialled.number.e164 };
      return throughTrunk(request, facts, tenant.country, dialled.number);
  }
}

function throughTrunk(request: DialRequest, facts: DialFacts, country: string, number: NumberFacts): DialDestination | Denial {
  const { e164 } = number;
  const refused = refusedClass(number, facts);
  if (refused) return { ...refused, number: e164 };
  if (facts.trunks.length === 0) return deny('no_trunk', `tenant "${request.tenant}" has no trunk`, 'Declare one with PUT /api/trunks/{name}.', e164);
  const trunk = facts.trunks.find((each) => number.country !== undefined && each.countries.includes(number.country));
  if (!trunk) return refusedCountry(request, facts, number);
  const callerId = callerIdFor(request, facts, trunk, country);
  if (callerId === null) return deny('caller_id_not_owned', `tenant "${request.tenant}" may not show ${maskNumber(request.from ?? '')} as caller`, 'Show a number assigned to the tenant, or the trunk’s own.', e164);
  if (callerId === undefined && trunk.needsCallerId) return deny('no_caller_id', `tenant "${request.tenant}" has no number to show as caller`, 'Give the tenant a number, or the endpoint a caller ID.', e164);
  const destination = { kind: 'trunk', trunk: trunk.name, number: e164, ...(callerId === undefined ? {} : { callerId }) } as const;
  if (!trunk.metered) return destination;
  if (!facts.budget) return deny('budget_unknown', 'what the tenant may still spend can’t be asked for', 'See that PostgreSQL answers; phones of the tenant and emergency calls go on meanwhile.', e164);
  const verdict = affords(facts.budget);
  if (!verdict.affordable) return { ...refusedBudget(verdict, facts.budget), number: e164 };
  const { timeLimitS, reserveMinutes, reserveMicros } = verdict;
  return { ...destination, limit: { timeLimitS, reserveMinutes, reserveMicros } };
}

const CLASS_DENIED: Readonly<Record<NumberClass, { readonly reason: DenialReason; readonly what: string } | null>> = {
  geographic: null,
  mobile: null,
  voip: null,
  toll_free: null,
  premium: { reason: 'premium_denied', what: 'a premium-rate number' },
  shared_cost: { reason: 'shared_cost_denied', what: 'a shared-cost number' },
  personal: { reason: 'personal_number_denied', what: 'a personal number, charged like premium rate' },
  special: { reason: 'number_type_denied', what: 'a number of a special service' },
  satellite: { reason: 'satellite_denied', what: 'a satellite telephone' },
  international_network: { reason: 'international_network_denied', what: 'a number of an international network' },
  unassigned: null,
};

function refusedClass(number: NumberFacts, facts: DialFacts): Denial | undefined {
  const shown = maskNumber(number.e164);
  const kind = classOf(number);
  const denied = CLASS_DENIED[kind];
  if (denied) return deny(denied.reason, `${shown} is ${denied.what}, which is never called`, 'Call another number of the same party.');
  if (kind === 'toll_free' && facts.policy?.tollFree === false) return deny('toll_free_denied', `${shown} is toll-free, which the tenant’s policy refuses`, 'Set outbound.tollFree in the tenant’s declaration.');
  const prefix = facts.policy?.denyPrefixes.find((each) => number.e164.startsWith(each));
  if (prefix !== undefined) return deny('prefix_denied', `${shown} begins with ${prefix}, which the tenant’s policy refuses`, 'Take the prefix from outbound.denyPrefixes in the tenant’s declaration.');
  if (kind !== 'unassigned') return undefined;
  // A country that isn't allowed says more than that the number exists in none of its ranges.
  const allowed = facts.trunks.some((trunk) => number.country !== undefined && trunk.countries.includes(number.country));
  return allowed || number.country === undefined || facts.trunks.length === 0 ? deny('invalid_number', `${shown} is no number that exists in its country’s plan`, 'Check the number.') : undefined;
}

function refusedCountry(request: DialRequest, { trunks }: DialFacts, number: NumberFacts): Denial {
  const country = number.country ?? 'numbers of no country';
  const like = looksLikeAllowed(number, trunks.flatMap((trunk) => trunk.countries));
  const remedy = 'Add the country to those that may be called: `countries` of the trunk, or outbound.countries in the tenant’s declaration.';
  if (like !== undefined) return deny('lookalike_country', `${maskNumber(number.e164)} begins like a number of ${like}, but is one of ${country}, which isn’t allowed`, remedy, number.e164);
  return deny('country_not_allowed', `no trunk of tenant "${request.tenant}" allows calls to ${country}`, remedy, number.e164);
}

function refusedBudget(verdict: BudgetVerdict & { readonly affordable: false }, budget: BudgetFacts): Denial {
  if (verdict.reason === 'no_rate') return deny('no_rate', 'nobody knows what a call to this number costs', 'Refresh the prices, or set OUTBOUND_DEFAULT_RATE_MICROS.');
  const { name, limit, used } = { name: verdict.cap, limit: verdict.limit, used: verdict.used };
  const unit = verdict.reason === 'spend_cap' ? ` millionths of ${budget.currency}` : '';
  return { ...deny(verdict.reason, `the cap ${name} is reached: ${used} of ${limit}${unit} are used or kept for calls that run`, 'Wait, or raise it with PUT /api/tenants/{code}/caps.'), cap: { name, limit, used } };
}

function deny(reason: DenialReason, detail: string, remedy: string, number?: string): Denial {
  return { allowed: false, reason, detail, remedy, ...(number === undefined ? {} : { number }) };
}

/** undefined: the trunk's own way; null: not theirs to show. An own extension as `from` is shown as the trunk's number. */
function callerIdFor(request: DialRequest, facts: DialFacts, trunk: TrunkFacts, country: string): string | null | undefined {
  const own = trunk.callerId ?? facts.numbers[0];
  if (request.from === undefined || EXTENSION.test(request.from)) return own;
  const wished: NumberFacts | undefined = readNumber(request.from, country);
  const owned = [...facts.numbers, ...facts.trunks.flatMap((each) => (each.callerId === undefined ? [] : [each.callerId]))];
  return owned.includes(request.from) || (wished !== undefined && owned.includes(wished.e164)) ? (wished?.e164 ?? request.from) : null;
}

/** By a trunk that carries the country's emergency calls, else by the tenant's own line, else by nothing. */
function emergencyWay(number: string, country: string, facts: DialFacts): DialDestination & { readonly kind: 'emergency' } {
  const carries = facts.trunks.filter((trunk) => trunk.emergencyCountries?.includes(country) ?? true);
  const trunk = carries.find((each) => each.countries.includes(country)) ?? carries[0];
  const callerId = trunk?.callerId ?? facts.numbers[0];
  const shown = callerId === undefined ? {} : { callerId };
  if (trunk) return { kind: 'emergency', number: trunk.emergencyCountries ? ownEmergencyNumber(number, country) : number, trunk: trunk.name, ...shown };
  if (facts.emergencyLine) return { kind: 'emergency', number: ownEmergencyNumber(number, country), line: facts.emergencyLine, ...shown };
  return { kind: 'emergency', number, ...shown };
}
