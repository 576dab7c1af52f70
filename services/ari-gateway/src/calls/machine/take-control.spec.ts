import type { RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench } from '../../../test/support/call-bench.js';
import type { Call } from '../call.js';
import { handleMessage } from './handle-message.js';
import { refusalError } from './refusal.js';

const begin = { kind: 'begin' } as const;
const hold = { kind: 'hold', requestedBy: 'api' } as const;
const PHONE = { kind: 'endpoint', extension: '203', sipUser: 'demo_203' } as const;
const RING: RouteInput['nodes'] = { a: { kind: 'ring', extensions: ['201'], onNoAnswer: 'bye' }, bye: { kind: 'hangup' } };
const up = (kind: string) => (call: Call) => ({ kind: 'leg_up', channelId: call.legs.findLast((leg) => leg.kind === kind)?.channelId ?? '' }) as const;

/** A caller who talks with 201. */
const talking = (): CallBench => {
  const bench = new CallBench(RING).run(begin, up('endpoint'));
  return bench.run({ kind: 'leg_joined', legId: bench.leg('endpoint') });
};
/** A caller with an agent whose leg is in the bridge. */
const withAgent = (): CallBench => {
  const bench = new CallBench(AGENT_NODES).run(begin);
  return bench.run({ kind: 'leg_joined', legId: bench.leg('media') });
};
const refusalOf = (bench: CallBench, message: Parameters<CallBench['take']>[0]) =>
  handleMessage(bench.call, message, { now: bench.now, newLegId: () => 'x', newId: () => 'y', dialTarget: () => undefined, home: () => ({ country: 'CL', timeZone: 'America/Santiago' }) });

describe('a request in the wrong state', () => {
  it('changes nothing, and says what the call is doing and what to do instead', () => {
    const bench = new CallBench(RING).run(begin);
    const { call, facts, effects, refusal } = refusalOf(bench, hold);
    expect([call === bench.call, facts, effects]).toEqual([true, [], []]);
    const error = refusal && refusalError(call, refusal);
    expect(error).toMatchObject({ code: 'wrong_state', status: 409, details: { doing: 'unanswered' }, message: `Call ${call.callId} can't be held: it has not been answered.` });
    expect(error?.remedy).toMatch(/\S/);
  });

  it.each([
    ['resume', { kind: 'resume' }, 'not_held'],
    ['pick up', { kind: 'pickup', extension: '203', target: PHONE, timeoutMs: 1 }, 'not_parked'],
    ['leave a conference', { kind: 'leave_conference' }, 'not_in_conference'],
    ['complete', { kind: 'complete_transfer' }, 'no_transfer'],
    ['cancel', { kind: 'cancel_transfer' }, 'no_transfer'],
    ['stop playing', { kind: 'stop_playing' }, 'not_playing'],
    ['stop listening', { kind: 'stop_snoop', snoopId: 's' }, 'no_such_snoop'],
    ['stop recording', { kind: 'record_stop' }, 'not_recording'],
    ['pause', { kind: 'record_pause' }, 'not_recording'],
  ] as const)('%s: of two who just talk', (_what, message, code) => {
    expect(refusalOf(talking(), message).refusal?.code).toBe(code);
  });

  it('of a call that is over is call_over, whatever is asked', () => {
    const bench = talking().run({ kind: 'hangup', by: 'api', cause: 16 });
    for (const message of [hold, { kind: 'resume' }, { kind: 'record_stop' }] as const) expect(refusalOf(bench, message).refusal?.code).toBe('call_over');
  });
});

describe('an agent in a call on hold', () => {
  it('is out of the bridge, hears no digit, and is put back by the resume', () => {
    const bench = withAgent().run(hold);
    expect(bench.lastEffects).toEqual(['part', 'hold_music']);
    bench.run({ kind: 'digit', channelId: 'caller', digit: '0' });
    expect(bench.call.flow?.phase).toBe('agent');
    bench.run({ kind: 'resume' });
    expect(bench.lastEffects).toEqual(['hold_music', 'join']);
  });

  it('that dies is asked for again when the hold is over, not before', () => {
    const bench = withAgent().run(hold);
    bench.run({ kind: 'leg_gone', channelId: bench.leg('media'), cause: 16 }, { kind: 'agent_retry', step: bench.step });
    expect(bench.lastEffects).not.toContain('attach_agent');
    bench.run({ kind: 'resume' });
    expect(bench.lastEffects).toContain('attach_agent');
  });

  it('that wants a person ends the hold: nobody waits in music for a handover', () => {
    const bench = withAgent().run(hold, { kind: 'handoff', reason: 'asks for a person' });
    expect(bench.call.held).toBeNull();
    expect(bench.last.facts.map((fact) => fact.name)).toEqual(['CallResumed', 'CallTransferred']);
    expect(bench.lastEffects).toContain('dial_queue');
  });
});

describe('a link', () => {
  const link = { kind: 'link', legId: 'link', to: { kind: 'call', callId: 'other', legId: 'far' }, dials: true } as const;

  it('that fails costs nothing: the two go on talking', () => {
    const bench = talking().run(link, { kind: 'leg_gone', channelId: 'link', cause: 20 });
    expect(bench.call).toMatchObject({ state: 'answered', flow: { phase: 'talking' } });
    expect(bench.effects.filter((effect) => effect.kind === 'hang_up')).toEqual([]);
  });

  it('that is up lets the other side go, out of the route’s hands, and its end ends the call', () => {
    const bench = withAgent().run(link, { kind: 'leg_up', channelId: 'link' });
    expect(bench.lastEffects).toEqual(expect.arrayContaining(['detach_agent', 'join']));
    bench.run({ kind: 'leg_joined', legId: 'link' });
    expect(bench.last.facts).toEqual([{ name: 'CallsBridged', data: { withCallId: 'other' } }]);
    bench.run({ kind: 'leg_gone', channelId: 'link', cause: 16 });
    expect(bench.call.state).toBe('ended');
  });
});

describe('taken up after a crash', () => {
  it('a parked call has music and what is left of its time; one on hold keeps the others out', () => {
    const parked = talking().run({ kind: 'park', slot: '70', timeoutMs: 60_000, requestedBy: 'api' });
    parked.now += 50_000;
    parked.run({ kind: 'reowned', channels: { caller: 'Up' }, legs: ['caller'], restarted: true });
    expect(parked.last.effects).toContainEqual({ kind: 'timer', name: 'park', step: 0, ms: 10_000 });
    expect(parked.last.effects).toContainEqual({ kind: 'hold_music', on: true });
    const held = talking().run(hold);
    const leg = held.leg('endpoint');
    held.run({ kind: 'reowned', channels: { caller: 'Up', [leg]: 'Up' }, legs: ['caller', leg], restarted: true });
    expect(held.last.effects.filter((effect) => effect.kind === 'join').map((effect) => effect.leg.channelId)).toEqual(['caller']);
    expect(held.lastEffects).toContain('part');
  });
});
