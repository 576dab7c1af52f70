import { spokenFor, type DenialReason, type DialDecision, type DialDestination } from '@troncal/dial-guard';
import type { OutboundDecision, OutboundRequest, OutboundTarget } from './outbound-desk.js';

/** Q.850: what the caller's side is told besides the spoken reason. */
const CAUSES: Readonly<Partial<Record<DenialReason | 'emergency_unreachable', number>>> = {
  no_such_endpoint: 1,
  no_trunk: 3,
  emergency_unreachable: 3,
  invalid_number: 28,
  endpoint_disabled: 27,
  budget_unknown: 41,
  no_rate: 41,
  concurrency_cap: 34,
  burst_cap: 42,
};
const CALL_REJECTED = 21;

/** What the desk answers for a decision of the guard. @param reservationId of the money kept for it; there is no number without one */
export function outcomeOf(decisionId: string, decision: DialDecision, request: OutboundRequest, reservationId?: string): OutboundDecision {
  if (!decision.allowed) return refusal(decisionId, decision.reason, decision.detail, decision.remedy);
  const target = targetOf(decision.destination, request, reservationId);
  if (target) return { allowed: true, decisionId, target };
  return refusal(
    decisionId, 'emergency_unreachable', `Twilio carries no emergency calls in ${request.tenant.country}, and the tenant has no line of its own`,
    'Declare emergency.line: a line or trunk of the tenant that carries them.',
  );
}

function refusal(decisionId: string, reason: DenialReason | 'emergency_unreachable', detail: string, remedy: string): OutboundDecision {
  return { allowed: false, decisionId, reason, detail, remedy, spoken: spokenFor(reason), cause: CAUSES[reason] ?? CALL_REJECTED };
}

function targetOf(destination: DialDestination, request: OutboundRequest, reservationId: string | undefined): OutboundTarget | undefined {
  const { from, tenant } = request;
  const own = tenant.endpoints.find((each) => each.extension === from)?.callerId ?? tenant.numbers[0]?.e164 ?? null;
  switch (destination.kind) {
    case 'endpoint':
      return { kind: 'endpoint', to: destination.extension, callerId: from ?? own ?? '' };
    case 'route':
      return { kind: destination.role, to: request.dialled, route: destination.route, callerId: from ?? own ?? '' };
    case 'our-number': {
      const number = request.ours(destination.number);
      if (!number) throw new Error('The guard led to a number of ours that is nobody’s.');
      return { kind: 'our-number', to: destination.number, number, callerId: own };
    }
    case 'trunk': {
      if (!destination.limit || reservationId === undefined || destination.callerId === undefined) throw new Error('The guard let a number through without a limit, a reservation or a caller ID.');
      return { kind: 'number', to: destination.number, callerId: destination.callerId, timeLimitS: destination.limit.timeLimitS, reservationId };
    }
    case 'emergency': {
      const callerId = destination.callerId ?? null;
      if (destination.trunk !== undefined) return { kind: 'emergency', to: destination.number, by: 'twilio', callerId };
      if (!destination.line) return undefined;
      const { host, transport } = destination.line;
      return { kind: 'emergency', to: destination.number, by: 'line', sip: `sip:${destination.number}@${host};transport=${transport}`, callerId };
    }
  }
}
