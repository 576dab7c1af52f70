import type { RouteInput } from '@troncal/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench, say } from '../../../test/support/call-bench.js';
import type { Call } from '../call.js';
import type { CallMessage } from './call-message.js';

const NODES: RouteInput['nodes'] = {
  m: { kind: 'menu', prompt: say('marque'), digits: { '1': 'a', '2': 'r' }, attempts: 2, onTimeout: 'people' },
  r: { kind: 'ring', extensions: ['201', '202'], strategy: 'in_order', onNoAnswer: 'people' },
  ...AGENT_NODES,
};

type Make = (call: Call, pick: number) => CallMessage;
const anyLeg = (call: Call, pick: number) => call.legs[pick % call.legs.length] ?? { legId: 'x', channelId: 'x' };
const step = (call: Call, pick: number): number => (call.flow?.step ?? 0) - (pick % 3 === 2 ? 1 : 0);

const makers: readonly Make[] = [
  (call, pick) => ({ kind: 'flow', input: { kind: 'said', step: step(call, pick) } }),
  (call, pick) => ({ kind: 'flow', input: { kind: 'digit_timeout', step: step(call, pick) } }),
  (_call, pick) => ({ kind: 'digit', channelId: 'caller', digit: '012'[pick % 3] ?? '0' }),
  (call, pick) => ({ kind: 'leg_ringing', channelId: anyLeg(call, pick).channelId }),
  (call, pick) => ({ kind: 'leg_up', channelId: anyLeg(call, pick).channelId }),
  (call, pick) => ({ kind: 'leg_joined', legId: anyLeg(call, pick).legId }),
  (call, pick) => ({ kind: 'leg_gone', channelId: anyLeg(call, pick + 1).channelId, cause: 16 + (pick % 4) }),
  (call, pick) => ({ kind: 'queue_connected', legId: anyLeg(call, pick).legId, extension: '201' }),
  (call, pick) => ({ kind: 'queue_left', legId: anyLeg(call, pick).legId, outcome: 'no_members' }),
  (call, pick) => ({ kind: 'ring_timeout', step: step(call, pick) + 1 * (call.flow ? 0 : 1) }),
  (call, pick) => ({ kind: 'queue_timeout', step: step(call, pick) }),
  (call, pick) => ({ kind: 'agent_away', legId: anyLeg(call, pick).legId, hopeless: pick % 5 === 0 }),
  (call, pick) => ({ kind: 'agent_retry', step: step(call, pick) }),
  (_call, pick) => ({ kind: 'summary', text: pick % 2 === 0 ? 'known' : null }),
  () => ({ kind: 'handoff', reason: 'r' }),
  (_call, pick) => ({ kind: 'record', recordingId: `r${pick}`, announced: false }),
  () => ({ kind: 'record_stop' }),
  (call, pick) => ({ kind: 'reowned', restarted: pick % 2 === 0, legs: call.legs.map((leg) => leg.channelId), channels: Object.fromEntries(call.legs.filter((_leg, index) => index === 0 || (pick >> index) % 2 === 0).map((leg) => [leg.channelId, 'Up'])) }),
];

/** What a whole story breaks of what is promised about it. */
function faultsOf(bench: CallBench): string[] {
  const faults: string[] = [];
  const names = bench.factNames;
  const demand = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  demand(names[0] === 'CallStarted' && names.filter((name) => name === 'CallStarted').length === 1, 'CallStarted is not first and once');
  demand(names.filter((name) => name === 'CallEnded').length === 1, 'CallEnded is not once');
  demand(names.slice(names.indexOf('CallEnded') + 1).every((name) => name === 'RecordingReady'), 'something but RecordingReady after CallEnded');
  demand(names.filter((name) => name === 'CallAnswered').length <= 1, 'answered twice');
  demand(names.filter((name) => name === 'CallQueued').length === names.filter((name) => name === 'QueueLeft').length, 'a queue is entered and left unequally often');
  demand(bench.call.legs.every((leg) => leg.state === 'ended'), 'a leg is left over');
  const taken = new Set(bench.effects.flatMap((effect) => (effect.kind === 'hang_up' ? [effect.channelId] : [])));
  const made = bench.effects.flatMap((effect) => (effect.kind === 'dial' || effect.kind === 'dial_queue' || effect.kind === 'attach_agent' ? [effect.leg.channelId] : []));
  for (const channel of made) demand(taken.has(channel) || bench.gone.has(channel), `${channel} was made and never taken away`);
  demand(bench.effects.some((effect) => effect.kind === 'tear_down'), 'the bridge stays');
  return faults;
}

describe('any story of a call', () => {
  it('begins once, ends once, and leaves nothing behind', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: makers.length - 1 }), fc.nat(31)), { maxLength: 60 }), (messages) => {
        const bench = new CallBench(NODES).run({ kind: 'begin' });
        for (const [index, pick] of messages) {
          bench.now += 50;
          bench.run((call) => (makers[index] ?? makers[0] ?? (() => ({ kind: 'record_stop' })))(call, pick));
        }
        bench.run({ kind: 'leg_gone', channelId: 'caller', cause: 16 }, { kind: 'hangup', by: 'api', cause: 16 });
        expect(faultsOf(bench)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
