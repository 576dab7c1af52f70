import { CallEndedV1, CallStartedV1 } from '@troncal/contracts';
import { countBy } from './bus-log.js';
import type { Evidence, Finding, PhoneCall } from './evidence.js';
import { none } from './finding.js';

/** Nobody who was talking was cut off: a steady call ends when its own phone hangs up, never before. */
export function noCallDropped({ phones }: Evidence): Finding {
  const steady = phones.filter((call) => call.kind === 'steady');
  const dropped = steady.flatMap((call) => whyDropped(call).map((why) => `${call.name}: ${why}`));
  return none('no call dropped', dropped, `${steady.length} calls`);
}

function whyDropped(call: PhoneCall): string[] {
  if (call.answeredAtMs === null) return ['never answered'];
  if (call.ended === null) return ['still up at the end'];
  return call.ended.by === 'local' ? [] : [`ended by the other side: ${call.ended.reason}`];
}

/** Every call of the log begins once and ends once; every steady call is one of them. */
export function begunAndEndedOnce({ phones, bus }: Evidence): Finding {
  const starts = countBy(bus, 'callId', ({ type }) => type === CallStartedV1.type);
  const ends = countBy(bus, 'callId', ({ type }) => type === CallEndedV1.type);
  const calls = new Set([...starts.keys(), ...ends.keys()]);
  const uneven = [...calls].filter((call) => starts.get(call) !== 1 || ends.get(call) !== 1).map((call) => `call ${call}: ${starts.get(call) ?? 0} CallStarted, ${ends.get(call) ?? 0} CallEnded`);
  // Steady callers have an extension each, so each must have begun exactly one call.
  const begun = countBy(bus, 'from', ({ type }) => type === CallStartedV1.type);
  const strange = phones.filter((call) => call.kind === 'steady' && begun.get(call.extension) !== 1).map((call) => `${call.name} of ${call.extension} has begun ${begun.get(call.extension) ?? 0} calls`);
  return none('one CallStarted and one CallEnded per call', [...uneven, ...strange], `${calls.size} calls`);
}
