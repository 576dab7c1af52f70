import type { RouteInput } from '@troncal/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench, say } from '../../../test/support/call-bench.js';
import type { Call } from '../call.js';
import type { CallMessage } from './call-message.js';

const NODES: RouteInput['nodes'] = {
  m: { kind: 'menu', prompt: say('marque'), digits: { '1': 'a', '2': 'r', '0': 'v' }, attempts: 2, onTimeout: 'people' },
  v: { kind: 'voicemail', prompt: say('deje su mensaje'), finishOnKey: '1', next: 'l', onNothing: 'h' },
  l: { kind: 'language', language: 'en', next: 'up' },
  h: { kind: 'schedule', hours: { mon: ['09:00-18:00'] }, onOpen: 'up', onClosed: 'r' },
  up: { kind: 'back' },
  r: { kind: 'ring', extensions: ['201', '202'], strategy: 'in_order', onNoAnswer: 'people' },
  ...AGENT_NODES,
};

const PHONE = { kind: 'endpoint', extension: '203', sipUser: 'demo_203' } as const;
let links = 0;
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
  (_call, pick) => ({ kind: 'record', recordingId: `r${pick}`, announced: false, channels: pick % 2 === 0 ? 'mono' : 'stereo' }),
  () => ({ kind: 'record_stop' }),
  (call, pick) => {
    const recordingId = call.recordings[pick % Math.max(1, call.recordings.length)]?.recordingId ?? 'none';
    return pick % 2 === 0 ? { kind: 'recording_failed', recordingId } : { kind: 'recording_ready', recordingId, durationMs: 1, bytes: 1, location: 'x' };
  },
  (_call, pick) => ({ kind: pick % 2 === 0 ? 'record_pause' : 'record_resume' }),
  () => ({ kind: 'hold', requestedBy: 'api' }),
  () => ({ kind: 'resume' }),
  (_call, pick) => ({ kind: 'play', playbackId: `p${pick}`, what: 'speech', name: 'hola', source: { kind: 'text', text: 'hola', language: 'es' } }),
  (call) => ({ kind: 'played', playbackId: call.playback?.playbackId ?? 'none', outcome: 'completed' }),
  () => ({ kind: 'stop_playing' }),
  (_call, pick) => ({ kind: 'send_digits', digits: '12', to: pick % 2 === 0 ? 'caller' : 'other', masked: false }),
  (_call, pick) => ({ kind: 'link', legId: `link${pick}-${(links += 1)}`, to: pick % 2 === 0 ? { kind: 'call', callId: 'b', legId: 'x' } : { kind: 'conference', name: 'room' }, dials: pick % 3 > 0, ...(pick % 5 === 0 ? { pickup: '203' } : {}) }),
  () => ({ kind: 'leave_conference' }),
  (_call, pick) => ({ kind: 'park', slot: '70', timeoutMs: 1_000, requestedBy: 'api', ...(pick % 2 === 0 ? { returnTo: '201' } : {}) }),
  () => ({ kind: 'park_timeout' }),
  () => ({ kind: 'pickup', extension: '203', target: PHONE, timeoutMs: 1_000 }),
  () => ({ kind: 'pickup_timeout' }),
  (call, pick) => ({ kind: 'transfer', to: { kind: 'endpoint', target: '203', route: call.route, routeRef: null }, requestedBy: 'api', comesBack: pick % 2 === 0 }),
  () => ({ kind: 'warm_transfer', to: { kind: 'endpoint', target: '203' }, target: PHONE, timeoutMs: 1_000, requestedBy: 'api' }),
  () => ({ kind: 'consult_timeout' }),
  (_call, pick) => ({ kind: pick % 2 === 0 ? 'complete_transfer' : 'cancel_transfer' }),
  (_call, pick) => ({ kind: 'snoop', snoopId: `s${pick}`, mode: pick % 2 === 0 ? 'listen' : 'whisper', party: pick % 3 === 0 ? 'caller' : 'other', extension: `30${pick % 3}`, target: PHONE, timeoutMs: 1_000 }),
  (call) => ({ kind: 'stop_snoop', snoopId: call.snoops[0]?.snoopId ?? 'none' }),
  (call, pick) => ({ kind: 'reowned', restarted: pick % 2 === 0, legs: call.legs.map((leg) => leg.channelId), channels: Object.fromEntries(call.legs.filter((_leg, index) => index === 0 || (pick >> index) % 2 === 0).map((leg) => [leg.channelId, 'Up'])) }),
];

const MAKES: ReadonlySet<string> = new Set(['dial', 'dial_queue', 'attach_agent', 'dial_link', 'tap']);

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
  const made = bench.effects.flatMap((effect) => (MAKES.has(effect.kind) && 'leg' in effect ? [effect.leg.channelId] : []));
  for (const channel of made) demand(taken.has(channel) || bench.gone.has(channel), `${channel} was made and never taken away`);
  demand(bench.effects.some((effect) => effect.kind === 'tear_down'), 'the bridge stays');
  const ended = new Set(bench.effects.flatMap((effect) => (effect.kind === 'tear_down' ? effect.recordings.map((each) => each.recordingId) : [])));
  for (const { recordingId, state } of bench.call.recordings) demand(state !== 'recording' || ended.has(recordingId), `recording ${recordingId} is never ended`);
  const rooms = new Map<string, number>();
  for (const [index, effect] of bench.effects.entries()) {
    if (effect.kind === 'put') rooms.set(effect.room, index);
    if (effect.kind === 'clear') rooms.delete(effect.room);
    if (effect.kind === 'tear_down') for (const room of effect.rooms) rooms.delete(room);
  }
  demand(rooms.size === 0, 'a bridge beside the call’s own stays');
  const count = (name: string): number => names.filter((each) => each === name).length;
  for (const [begun, ended] of [['PlaybackStarted', 'PlaybackFinished'], ['ConferenceJoined', 'ConferenceLeft']] as const) demand(count(begun) === count(ended), `${begun} and ${ended} differ`);
  demand(count('SnoopStarted') <= count('SnoopEnded'), 'a snoop never ended');
  demand(count('CallResumed') <= count('CallHeld'), 'resumed more often than held');
  demand(bench.call.snoops.length === 0 && !bench.call.held && !bench.call.parked && !bench.call.conference && !bench.call.consult, 'something was left on');
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
