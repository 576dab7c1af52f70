import type { CallSoFar } from '../rail-calls/call-so-far.js';
import type { RailEvent } from '../rail-calls/rail-event.js';
import { NO_CALLS, type EndpointSighting, type KpiCounts } from './kpi.js';

/** SIP's words for what people do: 486 and 600 busy, 603 declined, 487 given up by the caller, 408 nobody took it. Not a fault of anything. */
const PEOPLES = new Set([408, 486, 487, 600, 603]);
const EXTENSION = /^\d{2,8}$/;

/** What a call adds to the figures of its tenant, by its last event. */
export function measureCall(call: CallSoFar, last: RailEvent): KpiCounts {
  if (last.name === 'CallRefused') return { ...NO_CALLS, refused: 1 };
  if (last.name !== 'CallEnded') return NO_CALLS;
  const { disposition, answeredMs } = last.data;
  const codes = call.legs.flatMap(({ end, legSid }) => (end ? [call.sipCodeOf(legSid) ?? 0] : [])).filter((code) => code >= 400 && !PEOPLES.has(code));
  const reached = call.legs.some(({ connected }) => connected);
  const isAnswered = disposition === 'answered';
  const ringMs = ringOf(call);
  return {
    ...NO_CALLS, calls: 1, answered: isAnswered ? 1 : 0, failed: disposition === 'failed' || (codes.length > 0 && !reached) ? 1 : 0,
    sip4xx: codes.filter((code) => code < 500).length, sip5xx: codes.filter((code) => code >= 500).length,
    ...(ringMs !== undefined && { rung: 1, ringMs }), ...(isAnswered && { answeredMs, minutes: Math.ceil(answeredMs / 60_000) }),
  };
}

/** From the first ringing to the answer of whoever took the call. */
function ringOf(call: CallSoFar): number | undefined {
  const [ringing] = call.all('ringing');
  const taken = call.first('person-connected') ?? call.all('leg-status').find(({ fact }) => fact.status === 'in-progress');
  return ringing && taken ? Math.max(0, taken.at - ringing.at) : undefined;
}

/** Which phones were seen to be registered, or not, by what is known of a call: it rang or called; it was dialled and Twilio had no registration of it. */
export function sightingsOf(call: CallSoFar): EndpointSighting[] {
  const started = call.first('started');
  const seen = [
    ...call.all('ringing').map(({ fact, at }) => ({ extension: fact.target, at })),
    ...(started && started.fact.direction !== 'inbound' ? [{ extension: started.fact.from, at: started.at }] : []),
  ].map(({ extension, at }): EndpointSighting => ({ extension, seenAt: new Date(at), unreachableAt: undefined }));
  const missed = call.all('leg-status').flatMap(({ fact, at }): EndpointSighting[] =>
    fact.target !== undefined && (fact.sipCode === 480 || fact.sipCode === 404) && !call.all('ringing').some((rung) => rung.fact.legSid === fact.legSid)
      ? [{ extension: fact.target, seenAt: undefined, unreachableAt: new Date(at) }]
      : [],
  );
  return [...seen, ...missed].filter(({ extension }) => EXTENSION.test(extension));
}
