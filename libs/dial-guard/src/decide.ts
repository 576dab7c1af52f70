import { maskNumber, readNumber, type NumberFacts } from '@troncal/kernel';
import type { DenialReason, DialDecision, DialFacts, DialRequest, TrunkFacts } from './decision.js';
import { isEmergencyNumber } from './emergency.js';

const EXTENSION = /^[0-9*#]{1,6}$/;

/**
 * Kinds of number that may be called. What is not here is not called: premium rate, shared cost, UAN, pagers, voicemail and whatever the
 * numbering plan doesn't class; numbers of no country (satellite, international networks) have no allowed country either.
 */
const CALLABLE_TYPES: ReadonlySet<string> = new Set(['FIXED_LINE', 'MOBILE', 'FIXED_LINE_OR_MOBILE', 'VOIP', 'TOLL_FREE', 'PERSONAL_NUMBER']);

/**
 * Decides one outbound call. Pure and repeatable; denies whatever no rule allows, and says why with a stable reason code.
 * In order: emergency numbers are never blocked; the tenant must be active; then an endpoint of the same tenant; then a valid number of a callable
 * type, in a country that one of the tenant's trunks allows, under a caller ID that the tenant owns.
 */
export function decide(request: DialRequest, facts: DialFacts): DialDecision {
  const inputs = { request, facts };
  const deny = (reason: DenialReason, detail: string, remedy: string): DialDecision => ({ inputs, allowed: false, reason, detail, remedy });
  const country = facts.tenant?.country ?? '';
  if (isEmergencyNumber(request.to, country)) return { inputs, allowed: true, reason: 'emergency', destination: emergency(request, facts) };
  if (!facts.tenant) return deny('unknown_tenant', `there is no tenant "${request.tenant}"`, 'Create it with POST /api/tenants.');
  if (facts.tenant.suspended) return deny('tenant_suspended', `tenant "${request.tenant}" is suspended`, 'Lift the suspension with PATCH /api/tenants/{code}.');
  if (facts.endpoint?.extension === request.to) {
    if (!facts.endpoint.enabled) return deny('endpoint_disabled', `extension ${request.to} is disabled`, 'Enable it with PUT /api/tenants/{code}/endpoints/{extension}.');
    return { inputs, allowed: true, reason: 'internal', destination: { kind: 'endpoint', extension: request.to } };
  }
  if (EXTENSION.test(request.to)) return deny('no_such_endpoint', `tenant "${request.tenant}" has no extension ${request.to}`, 'Declare it with PUT /api/tenants/{code}/endpoints/{extension}.');
  return throughTrunk(request, facts, country, deny);
}

type Deny = (reason: DenialReason, detail: string, remedy: string) => DialDecision;

function throughTrunk(request: DialRequest, facts: DialFacts, country: string, deny: Deny): DialDecision {
  const shown = maskNumber(request.to);
  const number = /^[+0-9\s().-]+$/.test(request.to) ? readNumber(request.to, country) : undefined;
  if (!number) return deny('invalid_number', `"${shown}" is no possible number from ${country}`, 'Dial an extension, or a number in E.164, e.g. +56225550100.');
  if (number.type === undefined) return deny('invalid_number', `${shown} is no number that exists in its country’s plan`, 'Check the number.');
  if (!CALLABLE_TYPES.has(number.type)) return deny('number_type_denied', `${shown} is of type ${number.type}, which is never called`, 'Call another number of the same party.');
  if (facts.trunks.length === 0) return deny('no_trunk', `tenant "${request.tenant}" has no trunk`, 'Declare one with PUT /api/trunks/{name}.');
  const trunk = facts.trunks.find((each) => number.country !== undefined && each.countries.includes(number.country));
  if (!trunk) return deny('country_not_allowed', `no trunk of tenant "${request.tenant}" allows calls to ${number.country ?? 'numbers of no country'}`, 'Add the country to the trunk’s `countries`.');
  const callerId = callerIdFor(request, facts, trunk, country);
  if (callerId === null) return deny('caller_id_not_owned', `tenant "${request.tenant}" may not show ${maskNumber(request.from ?? '')} as caller`, 'Show a number assigned to the tenant, or the trunk’s own.');
  const destination = { kind: 'trunk', trunk: trunk.name, number: number.e164, ...(callerId === undefined ? {} : { callerId }) } as const;
  return { inputs: { request, facts }, allowed: true, reason: 'trunk', destination };
}

/** undefined: the trunk's own way; null: not theirs to show. An own extension as `from` is shown as the trunk's number. */
function callerIdFor(request: DialRequest, facts: DialFacts, trunk: TrunkFacts, country: string): string | null | undefined {
  const own = trunk.callerId ?? facts.numbers[0];
  if (request.from === undefined || EXTENSION.test(request.from)) return own;
  const wished: NumberFacts | undefined = readNumber(request.from, country);
  const owned = [...facts.numbers, ...facts.trunks.flatMap((each) => (each.callerId === undefined ? [] : [each.callerId]))];
  return owned.includes(request.from) || (wished !== undefined && owned.includes(wished.e164)) ? (wished?.e164 ?? request.from) : null;
}

function emergency(request: DialRequest, facts: DialFacts): Extract<Extract<DialDecision, { allowed: true }>['destination'], { kind: 'emergency' }> {
  const trunk = facts.trunks.find((each) => each.countries.includes(facts.tenant?.country ?? '')) ?? facts.trunks[0];
  const callerId = trunk?.callerId ?? facts.numbers[0];
  return { kind: 'emergency', number: request.to.replaceAll(/[\s().-]/g, ''), ...(trunk ? { trunk: trunk.name } : {}), ...(callerId === undefined ? {} : { callerId }) };
}
