import { newId } from '@troncal/kernel';
import { describe, expect, it } from 'vitest';
import type { BusEvent, Evidence, PhoneCall } from './evidence.js';
import { goodEvidence } from './good-evidence.js';
import { judge } from './judge.js';

const broken = (evidence: Evidence): string[] => judge(evidence).filter((finding) => !finding.ok).map((finding) => finding.rule);

const spoilPhone = (kind: PhoneCall['kind'], change: Partial<PhoneCall>) => (evidence: Evidence): Evidence => ({ ...evidence, phones: evidence.phones.map((call) => (call.kind === kind ? { ...call, ...change } : call)) });
const ofType = (evidence: Evidence, type: string): BusEvent => evidence.bus.find(({ envelope }) => envelope.type === type)!;
const without = (type: string) => (evidence: Evidence): Evidence => ({ ...evidence, bus: evidence.bus.filter(({ envelope }) => envelope.type !== type) });
/** The same fact once more under another id and the next number of its aggregate. */
const doubled = (type: string) => (evidence: Evidence): Evidence => {
  const { envelope, ...rest } = ofType(evidence, type);
  const sequence = evidence.bus.filter((each) => each.envelope.subject === envelope.subject).length + 1;
  return { ...evidence, bus: [...evidence.bus, { ...rest, envelope: { ...envelope, id: newId(), sequence }, streamSequence: evidence.bus.length + 1 }] };
};

const GAP = 'longest hole between phones (2 ears)';
const ARRIVALS = 'new callers served, from INVITE to the first sound (1 callers)';
const LEFT = 'no orphan channel, bridge, recording, call or unsent event';
const COMMANDS = 'no acknowledged command lost, none done twice';
const ONCE = 'one CallStarted and one CallEnded per call';
const ORDER = 'sequences without gap, in order';
const TIMELINE = 'timeline equals bus';

const SPOILS: readonly (readonly [what: string, spoil: (evidence: Evidence) => Evidence, rules: readonly string[]])[] = [
  ['a caller was cut off', spoilPhone('steady', { ended: { by: 'remote', atMs: 0, reason: 'BYE' } }), ['no call dropped']],
  ['a caller never got through', spoilPhone('steady', { answeredAtMs: null }), ['no call dropped']],
  ['a call never ended at its phone', spoilPhone('steady', { ended: null }), ['no call dropped']],
  ['a person was not heard for 100 ms', spoilPhone('person', { audio: { judged: { fromMs: 0, toMs: 1 }, gaps: [{ atMs: 0, ms: 100, ownMs: 0 }] } }), [GAP]],
  ['nobody’s audio was judged', (evidence) => ({ ...evidence, phones: evidence.phones.map((call) => ({ ...call, audio: null })) }), ['longest hole between phones (0 ears)']],
  ['a new caller heard nothing', spoilPhone('arrival', { heardAtMs: null }), [ARRIVALS]],
  ['a new caller waited for three seconds', spoilPhone('arrival', { heardAtMs: Date.parse('2026-01-01T00:00:03Z') }), [ARRIVALS]],
  ['no caller came although some should have', (evidence) => ({ ...evidence, phones: evidence.phones.filter((call) => call.kind !== 'arrival') }), ['new callers served, from INVITE to the first sound (0 callers)']],
  ['CallEnded is missing', without('CallEnded.v1'), [ONCE, ORDER, TIMELINE]],
  ['CallEnded was said twice', doubled('CallEnded.v1'), [ONCE, TIMELINE]],
  ['a steady caller began two calls', (evidence) => ({ ...evidence, phones: [...evidence.phones, { ...evidence.phones[0]!, name: 'stranger', extension: '1001' }] }), [ONCE]],
  ['an event in the middle is missing', without('CallAnswered.v1'), [ORDER, TIMELINE]],
  ['two events stand in the wrong order', (evidence) => ({ ...evidence, bus: evidence.bus.map((each) => (each.envelope.type === 'CallAnswered.v1' ? { ...each, streamSequence: 99 } : each)) }), [ORDER]],
  ['one id has two contents', (evidence) => ({ ...evidence, bus: [...evidence.bus, { ...evidence.bus[0]!, envelope: { ...evidence.bus[0]!.envelope, time: '2026-01-01T00:00:59Z' } }] }), ['no event id with two contents']],
  ['the timeline lacks an event', (evidence) => ({ ...evidence, projection: evidence.projection.map((call) => ({ ...call, timeline: call.timeline.slice(1) })) }), [TIMELINE]],
  ['the projection knows a call that the bus doesn’t', (evidence) => ({ ...evidence, projection: [...evidence.projection, { ...evidence.projection[0]!, callId: 'unheard-of' }] }), [TIMELINE]],
  ['a call is not in the projection', (evidence) => ({ ...evidence, projection: [] }), [TIMELINE]],
  ['a recording never became ready', without('RecordingReady.v1'), [TIMELINE, 'every recording ready, once']],
  ['a channel is left', (evidence) => ({ ...evidence, edge: { ...evidence.edge, channels: ['PJSIP/x-1'] } }), [LEFT]],
  ['a bridge is left', (evidence) => ({ ...evidence, edge: { ...evidence.edge, bridges: ['b'] } }), [LEFT]],
  ['a recording goes on', (evidence) => ({ ...evidence, edge: { ...evidence.edge, recordings: ['r'] } }), [LEFT]],
  ['an event was never sent', (evidence) => ({ ...evidence, database: { ...evidence.database, unsent: { ticketing: 1 } } }), [LEFT]],
  ['a call lives on in the database', (evidence) => ({ ...evidence, database: { ...evidence.database, liveCalls: 1 } }), [LEFT]],
  ['an event was given up', (evidence) => ({ ...evidence, deadLetters: 1 }), ['no dead letters']],
  ['an acknowledged declaration is lost', (evidence) => ({ ...evidence, declared: [], bus: evidence.bus.filter(({ envelope }) => envelope.type !== 'EndpointUpdated.v1') }), [COMMANDS]],
  ['a declaration was told twice', doubled('EndpointUpdated.v1'), [COMMANDS]],
  ['a refused declaration is there', (evidence) => ({ ...evidence, operations: evidence.operations.map((each) => ({ ...each, outcome: 'fail' as const })) }), [COMMANDS]],
  ['an acknowledged origination began no call', (evidence) => ({ ...evidence, operations: [...evidence.operations, { kind: 'originate', key: '70000', invokedAtMs: 0, completedAtMs: 1, outcome: 'ok', status: 201 }] }), [COMMANDS]],
  ['it never converged', (evidence) => ({ ...evidence, times: { ...evidence.times, convergedAtMs: null } }), ['converged after the fault']],
  ['it converged too late', (evidence) => ({ ...evidence, times: { ...evidence.times, convergedAtMs: evidence.times.liftedAtMs + 5_001 } }), ['converged after the fault']],
];

describe('the judge', () => {
  it('finds nothing wrong with a good run', () => {
    expect(broken(goodEvidence())).toEqual([]);
  });

  it.each(SPOILS)('sees that %s', (_what, spoil, rules) => {
    expect(broken(spoil(goodEvidence()))).toEqual(rules);
  });

  it('does not mind an unanswered question either way, nor the same event published twice', () => {
    const evidence = goodEvidence();
    const open = (declared: string[]): Evidence => ({ ...evidence, declared: [...evidence.declared, ...declared], operations: [...evidence.operations, { kind: 'declare', key: '70001', invokedAtMs: 0, completedAtMs: null, outcome: 'unknown', status: null }] });
    expect(broken(open([]))).toEqual([]);
    expect(broken({ ...evidence, bus: [...evidence.bus, evidence.bus[0]!] })).toEqual([]);
  });

  it('takes a hole in which the listener itself stood still for none', () => {
    const audio = { judged: { fromMs: 0, toMs: 1 }, gaps: [{ atMs: 0, ms: 100, ownMs: 70 }] };
    expect(broken(spoilPhone('person', { audio })(goodEvidence()))).toEqual([]);
  });
});
