import type { RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { AGENT_NODES, CallBench, say } from '../../../test/support/call-bench.js';
import type { Call } from '../call.js';
import { AGENT_LOSSES_A_MINUTE, AGENT_PATIENCE_MS, AGENT_RETRY_MS, HAD_AGENT_MS } from './agent-steps.js';

const begin = { kind: 'begin' } as const;
const digit = (pressed: string) => ({ kind: 'digit', channelId: 'caller', digit: pressed }) as const;
const callerGone = { kind: 'leg_gone', channelId: 'caller', cause: 16 } as const;
const away = (call: Call) => ({ kind: 'agent_away', legId: call.agentPart?.legId ?? '', hopeless: false }) as const;
/** The wait that the last message asked for, if any, and the attempt after it. */
function waitAndRetry(bench: CallBench): void {
  const timer = bench.last.effects.find((effect) => effect.kind === 'timer' && effect.name === 'agent_retry');
  if (timer?.kind !== 'timer') return;
  bench.now += timer.ms;
  bench.run({ kind: 'agent_retry', step: bench.step });
}
const bye = { kind: 'hangup' } as const;
const ring = { kind: 'ring' as const, extensions: ['201', '202'], onNoAnswer: 'bye' };
const RING: RouteInput['nodes'] = { a: ring, bye };
const QUEUE: RouteInput['nodes'] = { a: { kind: 'queue', queue: 'people', timeoutMs: 9_000, onTimeout: 'bye' }, bye };

describe('a caller with an agent', () => {
  it('is answered, and the agent is asked for', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    expect(bench.factNames).toEqual(['CallStarted', 'CallAnswered']);
    expect(bench.lastEffects).toEqual(['answer', 'attach_agent']);
    expect(bench.call).toMatchObject({ state: 'answered', agentPart: { legId: bench.leg('media'), resume: false } });
  });

  it('goes to people on 0 with the agent dead: nothing is asked of it but a summary, and nothing waits for that', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, digit('0'));
    expect(bench.lastEffects).toEqual(['hang_up', 'stop_timer', 'detach_agent', 'dial_queue', 'timer', 'ask_summary']);
    expect(bench.last.facts.map((fact) => fact.name)).toEqual(['DtmfReceived', 'CallTransferred']);
    expect(bench.call.waiting).toMatchObject({ queue: 'people', reason: 'digit', said: false });
    bench.run({ kind: 'summary', text: 'Asks about an invoice.' });
    expect(bench.last.facts).toEqual([{ name: 'CallQueued', data: { queue: 'people', reason: 'digit', summary: 'Asks about an invoice.' } }]);
  });

  it('is told as queued before anything else of the queue, summary or not', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, digit('0'));
    bench.run({ kind: 'queue_connected', legId: bench.leg('queue'), extension: '201' });
    expect(bench.last.facts.map((fact) => fact.name)).toEqual(['CallQueued', 'QueueLeft', 'AgentConnected']);
    // The queue's music would make the bridge deaf to a person whose RTP begins at a high sequence number.
    expect(bench.last.effects).toContainEqual({ kind: 'rejoin', leg: expect.objectContaining({ legId: bench.leg('queue') }) });
    expect(bench.call.flow?.phase).toBe('talking');
    bench.run({ kind: 'summary', text: 'late' });
    expect(bench.last.facts).toEqual([]);
  });

  it('stays with the agent on a digit that leads nowhere', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, digit('5'));
    expect(bench.lastEffects).toEqual([]);
    expect(bench.call.leftAgent).toBeNull();
  });

  it('is handed over at the agent’s wish, with its summary', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, { kind: 'handoff', reason: 'asks for a person', summary: 'Invoice 4711.' });
    expect(bench.last.facts).toEqual([
      { name: 'CallTransferred', data: { kind: 'queue', target: 'people', requestedBy: 'agent' } },
      { name: 'CallQueued', data: { queue: 'people', reason: 'agent_request', summary: 'Invoice 4711.' } },
    ]);
  });

  it('keeps the caller when the media leg dies, and takes the conversation up under a new leg id', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    const first = bench.leg('media');
    bench.run({ kind: 'leg_joined', legId: first });
    bench.now += 3_000;
    bench.run({ kind: 'leg_gone', channelId: first, cause: 16 });
    expect(bench.last.effects).toEqual([{ kind: 'timer', name: 'agent_retry', step: bench.step, ms: AGENT_RETRY_MS[0] }]);
    bench.run({ kind: 'agent_retry', step: bench.step });
    expect(bench.leg('media')).not.toBe(first);
    expect(bench.last.effects).toEqual([expect.objectContaining({ kind: 'attach_agent', resume: true })]);
    expect(bench.call.state).toBe('answered');
  });

  it('moves to another process at once when its own stops in good order: no wait, no music, no failure', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    const first = bench.leg('media');
    bench.run({ kind: 'leg_joined', legId: first }, { kind: 'agent_leaving', legId: first });
    expect(bench.last.effects).toEqual([{ kind: 'hang_up', channelId: first, cause: 16 }, expect.objectContaining({ kind: 'attach_agent', resume: true })]);
    const second = bench.leg('media');
    expect(bench.call.agentPart).toMatchObject({ legId: second, tries: 0, resume: true });
    bench.run({ kind: 'leg_gone', channelId: first, cause: 16 }, { kind: 'agent_leaving', legId: first });
    expect(bench.last.effects).toEqual([]);
    bench.run({ kind: 'leg_joined', legId: second });
    expect(bench.call.agentPart).toMatchObject({ legId: second, tries: 0 });
  });

  it('counts as a failed try when its process stops before the leg was ever heard', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    bench.run({ kind: 'agent_leaving', legId: bench.leg('media') });
    expect(bench.last.effects).toContainEqual({ kind: 'timer', name: 'agent_retry', step: bench.step, ms: AGENT_RETRY_MS[0] });
    expect(bench.call.agentPart).toMatchObject({ tries: 1 });
  });

  it('plays music while the agent stays away, and follows onFailed when there was none for half a minute', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    const began = bench.now;
    for (const [tries, wait] of AGENT_RETRY_MS.entries()) {
      bench.run(away);
      expect(bench.last.effects).toContainEqual({ kind: 'timer', name: 'agent_retry', step: bench.step, ms: wait });
      expect(bench.call.agentPart?.music).toBe(tries >= 1);
      waitAndRetry(bench);
    }
    while (bench.call.flow?.node === 'a') waitAndRetry(bench.run(away));
    expect(bench.now - began).toBeGreaterThan(AGENT_PATIENCE_MS - 1_000);
    expect(bench.now - began).toBeLessThanOrEqual(AGENT_PATIENCE_MS);
    expect(bench.effects.filter((effect) => effect.kind === 'hold_music')).toEqual([{ kind: 'hold_music', on: true }, { kind: 'hold_music', on: false }]);
    expect(bench.lastEffects).toEqual(['hang_up', 'hold_music', 'play']);
    expect(bench.call.flow).toMatchObject({ node: 'sorry', reason: 'agent_failed' });
  });

  it('keeps a caller whose agents die one after the other, as long as each was there: music in between, and the time begins anew with each', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    for (let death = 0; death < 40; death += 1) {
      for (let failed = 0; failed < 10; failed += 1) waitAndRetry(bench.run(away));
      expect(bench.call.agentPart?.music).toBe(true);
      bench.run((call) => ({ kind: 'leg_joined', legId: call.agentPart?.legId ?? '' }));
      expect(bench.last.effects).toEqual([{ kind: 'hold_music', on: false }]);
      bench.now += HAD_AGENT_MS;
      bench.run((call) => ({ kind: 'leg_gone', channelId: call.agentPart?.legId ?? '', cause: 16 }));
      expect(bench.call.agentPart).toMatchObject({ tries: 1, resume: true, awaySince: bench.now, music: false });
      waitAndRetry(bench);
    }
    expect(bench.call.flow?.node).toBe('a');
  });

  it('counts an agent who goes at once as none', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    const began = bench.now;
    while (bench.call.flow?.node === 'a') {
      bench.run((call) => ({ kind: 'leg_joined', legId: call.agentPart?.legId ?? '' }));
      bench.now += HAD_AGENT_MS - 1;
      bench.run((call) => ({ kind: 'leg_gone', channelId: call.agentPart?.legId ?? '', cause: 16 }));
      waitAndRetry(bench);
    }
    expect(bench.call.flow).toMatchObject({ node: 'sorry', reason: 'agent_failed' });
    expect(bench.now - began).toBeLessThanOrEqual(AGENT_PATIENCE_MS + HAD_AGENT_MS);
  });

  it('gives an agent up who is lost again and again, though each was there', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    for (let death = 0; death <= AGENT_LOSSES_A_MINUTE; death += 1) {
      expect(bench.call.flow?.node).toBe('a');
      bench.run((call) => ({ kind: 'leg_joined', legId: call.agentPart?.legId ?? '' }));
      bench.now += HAD_AGENT_MS;
      bench.run((call) => ({ kind: 'leg_gone', channelId: call.agentPart?.legId ?? '', cause: 16 }));
      waitAndRetry(bench);
    }
    expect(bench.call.flow).toMatchObject({ node: 'sorry', reason: 'agent_failed' });
  });

  it('does not hold the time against the agent in which nobody asked for it', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, away, away);
    bench.now += 10 * AGENT_PATIENCE_MS;
    bench.run({ kind: 'reowned', channels: { caller: 'Up' }, legs: ['caller', bench.leg('media')], restarted: true });
    waitAndRetry(bench.run(away));
    expect(bench.call.flow?.node).toBe('a');
    bench.run({ kind: 'hold', requestedBy: 'api' }, away);
    bench.now += 10 * AGENT_PATIENCE_MS;
    bench.run({ kind: 'resume' }, away);
    expect(bench.call.flow?.node).toBe('a');
    expect(bench.lastEffects).not.toContain('play');
  });

  it('gives up at once where trying again changes nothing', () => {
    const bench = new CallBench(AGENT_NODES).run(begin, (call) => ({ kind: 'agent_away', legId: call.agentPart?.legId ?? '', hopeless: true }));
    expect(bench.call.flow?.node).toBe('sorry');
  });

  it('lets a leg go that comes up after its agent was taken away', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    const media = bench.leg('media');
    bench.run(digit('0'), { kind: 'leg_joined', legId: media });
    expect(bench.last.effects).toEqual([]);
    expect(bench.effects).toContainEqual({ kind: 'hang_up', channelId: media, cause: 16 });
  });
});

describe('ringing phones', () => {
  it('rings all, connects the first to answer and cancels the others', () => {
    const bench = new CallBench(RING).run(begin);
    expect(bench.lastEffects).toEqual(['indicate_ringing', 'dial', 'dial', 'timer']);
    const [first, second] = bench.call.legs.slice(1).map((leg) => leg.legId);
    bench.run({ kind: 'leg_ringing', channelId: first ?? '' }, { kind: 'leg_up', channelId: second ?? '' });
    expect(bench.last.effects).toEqual([
      { kind: 'hang_up', channelId: first, cause: 26 }, { kind: 'stop_timer', name: 'ring' }, { kind: 'answer', channelId: 'caller' }, expect.objectContaining({ kind: 'join' }),
    ]);
    expect(bench.last.facts).toEqual([{ name: 'CallAnswered', data: { legId: bench.call.legs[0]?.legId, by: 'endpoint', answeredBy: '202' } }]);
    bench.run({ kind: 'leg_joined', legId: second ?? '' });
    expect(bench.last.facts).toEqual([{ name: 'AgentConnected', data: expect.objectContaining({ extension: '202' }) }]);
  });

  it('tries them one by one', () => {
    const bench = new CallBench({ ...RING, a: { ...ring, strategy: 'in_order' } }).run(begin);
    expect(bench.call.legs.slice(1).map((leg) => leg.target)).toEqual(['201']);
    bench.run({ kind: 'ring_timeout', step: bench.step });
    expect(bench.lastEffects).toEqual(['hang_up', 'dial', 'timer']);
    bench.run({ kind: 'leg_gone', channelId: bench.leg('endpoint'), cause: 17 });
    expect(bench.call).toMatchObject({ state: 'ended', disposition: 'busy', cause: 17 });
  });

  it('tells an unanswered caller that nobody is there', () => {
    const bench = new CallBench(RING, {}, {}, []).run(begin);
    expect(bench.factNames).toEqual(['CallStarted', 'CallEnded']);
    expect(bench.effects).toContainEqual({ kind: 'hang_up', channelId: 'caller', cause: 20 });
  });

  it('gives an answered caller the ringing tone, and takes it away again', () => {
    const bench = new CallBench({ w: { kind: 'announce', prompt: say('hola'), next: 'a' }, ...RING }).run(begin, (call) => ({ kind: 'flow', input: { kind: 'said', step: call.flow?.step ?? 0 } }));
    expect(bench.lastEffects).toEqual(['ringback', 'dial', 'dial', 'timer']);
    const { step } = bench;
    bench.run({ kind: 'leg_up', channelId: bench.leg('endpoint') });
    expect(bench.last.effects).toContainEqual({ kind: 'stop_play', step });
  });

  it('lets the second of two that answer at once go', () => {
    const bench = new CallBench(RING).run(begin);
    const [first, second] = bench.call.legs.slice(1).map((leg) => leg.legId);
    bench.run({ kind: 'leg_up', channelId: first ?? '' }, { kind: 'leg_up', channelId: second ?? '' });
    expect(bench.effects.filter((effect) => effect.kind === 'join')).toHaveLength(1);
  });

  it('cleans up when the caller leaves first', () => {
    const bench = new CallBench(RING).run(begin, callerGone);
    expect(bench.effects.filter((effect) => effect.kind === 'hang_up')).toHaveLength(2);
    expect(bench.call).toMatchObject({ state: 'ended', disposition: 'abandoned' });
  });
});

describe('a queue', () => {
  it('tells that the caller left, and takes the Local leg and the bridge away', () => {
    const bench = new CallBench(QUEUE).run(begin);
    bench.now += 5_000;
    bench.run(callerGone);
    expect(bench.last.facts.map((fact) => fact.name)).toEqual(['QueueLeft', 'CallEnded']);
    expect(bench.last.facts[0]).toMatchObject({ data: { outcome: 'abandoned', waitedMs: 5_000 } });
    expect(bench.last.effects).toContainEqual({ kind: 'hang_up', channelId: bench.leg('queue'), cause: 16 });
    expect(bench.lastEffects.at(-1)).toBe('tear_down');
  });

  it.each([
    ['timeout', 'timeout'],
    ['no_members', 'no_members'],
  ] as const)('leads on after %s', (outcome, told) => {
    const bench = new CallBench({ ...QUEUE, bye: { kind: 'hangup', prompt: say('nadie') } }).run(begin);
    bench.run({ kind: 'queue_left', legId: bench.leg('queue'), outcome });
    expect(bench.last.facts).toEqual([{ name: 'QueueLeft', data: expect.objectContaining({ outcome: told, from: '+56225550101' }) }]);
    expect(bench.lastEffects).toContain('play');
  });

  it('waits for app_queue’s word when its leg ends, and calls it a timeout without one', () => {
    const bench = new CallBench(QUEUE).run(begin, (call) => ({ kind: 'leg_gone', channelId: call.legs[1]?.channelId ?? '', cause: 16 }));
    expect(bench.last.effects).toEqual([{ kind: 'timer', name: 'queue', step: bench.step, ms: 400 }]);
    bench.run({ kind: 'queue_timeout', step: bench.step });
    expect(bench.last.facts[0]).toMatchObject({ name: 'QueueLeft', data: { outcome: 'timeout' } });
  });

  it('ends the call when the person hangs up', () => {
    const bench = new CallBench(QUEUE).run(begin);
    const leg = bench.leg('queue');
    bench.run({ kind: 'leg_up', channelId: leg }, { kind: 'queue_connected', legId: leg, extension: '201' }, { kind: 'leg_gone', channelId: leg, cause: 16 });
    expect(bench.call).toMatchObject({ state: 'ended', disposition: 'answered' });
    expect(bench.facts.at(-1)).toMatchObject({ name: 'CallEnded', data: { endedBy: 'far_end' } });
  });
});

describe('a call that we place', () => {
  const placed = { channelId: undefined, primary: 'endpoint', to: '202', direction: 'internal', dials: { '202': { kind: 'endpoint', extension: '202', sipUser: 'demo_202' } } } as const;
  const place = () => {
    const { channelId: _none, ...given } = placed;
    const bench = new CallBench(AGENT_NODES, {}, given);
    return bench.run({ kind: 'begin', ringMs: 20_000 });
  };

  it('rings the party first, and runs the route from its answer on', () => {
    const bench = place();
    expect(bench.lastEffects).toEqual(['dial', 'timer']);
    expect(bench.call.flow).toBeNull();
    bench.run({ kind: 'leg_up', channelId: 'caller' });
    expect(bench.lastEffects).toEqual(['stop_timer', 'join', 'attach_agent']);
    expect(bench.last.facts).toEqual([{ name: 'CallAnswered', data: expect.objectContaining({ by: 'far_end' }) }]);
  });

  it.each([
    [{ kind: 'ring_timeout', step: 0 }, 'no_answer', 19],
    [{ kind: 'leg_gone', channelId: 'caller', cause: 17 }, 'busy', 17],
    [{ kind: 'leg_gone', channelId: 'caller', cause: 21 }, 'rejected', 21],
    [{ kind: 'hangup', by: 'api', cause: 16 }, 'abandoned', 16],
  ] as const)('ends unanswered by %j as %s', (message, disposition, cause) => {
    expect(place().run(message).call).toMatchObject({ state: 'ended', disposition, cause });
  });
});

describe('transfer', () => {
  const to = { kind: 'queue', target: 'people', route: new CallBench(QUEUE).call.route, routeRef: null } as const;

  it('lets the person go and sends the caller on; late reports on the old route mean nothing', () => {
    const bench = new CallBench(RING).run(begin, (call) => ({ kind: 'leg_up', channelId: call.legs[1]?.channelId ?? '' }));
    const { step } = bench;
    const person = bench.leg('endpoint');
    bench.run({ kind: 'transfer', to, requestedBy: 'api', reason: 'billing' });
    expect(bench.last.facts[0]).toEqual({ name: 'CallTransferred', data: { kind: 'queue', target: 'people', requestedBy: 'api', mode: 'cold', reason: 'billing' } });
    expect(bench.call.waiting?.reason).toBe('transfer');
    expect(bench.step).toBeGreaterThan(step);
    bench.run({ kind: 'leg_gone', channelId: person, cause: 16 });
    expect(bench.call.state).toBe('answered');
  });
});

describe('recording', () => {
  it('is stopped with the call, and told when its file is complete, after CallEnded', () => {
    const bench = new CallBench(QUEUE, { recording: { enabled: true } }).run(begin);
    const recordingId = bench.call.recordings[0]?.recordingId ?? '';
    bench.run(callerGone);
    expect(bench.last.effects.at(-1)).toEqual({ kind: 'tear_down', recordings: [{ recordingId, channels: 'mono' }], rooms: [] });
    bench.run({ kind: 'recording_ready', recordingId, durationMs: 5_000, bytes: 80_044, location: 'x' }, { kind: 'recording_ready', recordingId, durationMs: 5_000, bytes: 80_044, location: 'x' });
    expect(bench.factNames.slice(-2)).toEqual(['CallEnded', 'RecordingReady']);
  });

  it('is begun once', () => {
    const bench = new CallBench(QUEUE).run(begin, { kind: 'record', recordingId: 'r1', announced: false, channels: 'mono' }, { kind: 'record', recordingId: 'r2', announced: false, channels: 'mono' });
    expect(bench.effects.filter((effect) => effect.kind === 'record')).toHaveLength(1);
  });
});

describe('re-owning', () => {
  const reowned = (bench: CallBench, channels: Record<string, string>) => ({ kind: 'reowned', channels, legs: bench.call.legs.filter((leg) => leg.state !== 'ended').map((leg) => leg.channelId), restarted: true }) as const;

  it('ends a call whose caller is gone, as found later', () => {
    const bench = new CallBench(AGENT_NODES).run(begin);
    bench.run(reowned(bench, {}));
    expect(bench.facts.at(-1)).toMatchObject({ name: 'CallEnded', data: { recovered: true } });
  });

  it('answers again, and records again, where a process died between storing and doing', () => {
    const bench = new CallBench(QUEUE, { recording: { enabled: true } }).run(begin);
    bench.run(reowned(bench, { caller: 'Ring', [bench.leg('queue')]: 'Up' }));
    expect(bench.lastEffects.slice(0, 4)).toEqual(['answer', 'join', 'record', 'pause_record']);
    const ringing = new CallBench(RING).run(begin);
    ringing.run(reowned(ringing, { caller: 'Ring', [ringing.leg('endpoint')]: 'Ringing' }));
    expect(ringing.lastEffects).toContain('indicate_ringing');
    expect(ringing.lastEffects).not.toContain('answer');
  });

  it('says a prompt again, under a new step', () => {
    const bench = new CallBench({ a: { kind: 'menu', prompt: say('marque'), digits: { '1': 'bye' }, onTimeout: 'bye' }, bye }).run(begin);
    const { step } = bench;
    bench.run(reowned(bench, { caller: 'Up' }));
    expect(bench.lastEffects).toEqual(['join', 'stop_play', 'play']);
    expect(bench.step).toBe(step + 1);
  });

  it('keeps an agent that lives, and asks for one anew whose leg was half made', () => {
    const alive = new CallBench(AGENT_NODES).run(begin);
    alive.run({ kind: 'leg_joined', legId: alive.leg('media') });
    alive.run(reowned(alive, { caller: 'Up', [alive.leg('media')]: 'Up' }));
    expect(alive.lastEffects).toEqual(['join', 'join']);
    const half = new CallBench(AGENT_NODES).run(begin);
    half.run(reowned(half, { caller: 'Up', [half.leg('media')]: 'Up' }));
    expect(half.lastEffects).toContain('timer');
  });

  it('leaves two who talk alone', () => {
    const bench = new CallBench(QUEUE).run(begin);
    const leg = bench.leg('queue');
    bench.run({ kind: 'leg_up', channelId: leg }, { kind: 'queue_connected', legId: leg, extension: '201' });
    bench.run(reowned(bench, { caller: 'Up', [leg]: 'Up' }));
    expect(bench.lastEffects).toEqual(['join', 'join']);
    expect(bench.last.facts).toEqual([]);
  });

  it('puts a caller into the queue again whose Local leg is gone', () => {
    const bench = new CallBench(QUEUE).run(begin);
    bench.run(reowned(bench, { caller: 'Up' }));
    expect(bench.lastEffects).toContain('timer');
  });
});
