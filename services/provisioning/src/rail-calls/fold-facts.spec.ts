import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busyRailCall, RailCallBench, sid } from '../../test/support/rail-call-bench.js';
import { foldFacts } from './fold-facts.js';

const busyCall = (): RailCallBench => busyRailCall();

/** Takes facts in one by one, some at once, over this many milliseconds; looks whenever it is told to, and once more in the end. */
function told(bench: RailCallBench, order: readonly number[], overMs: number): string[] {
  const facts = order.map((index, turn) => ({ fact: bench.facts[index] ?? bench.facts[0]!, notedAt: Math.floor((turn * overMs) / order.length) }));
  const stated = new Set<string>();
  const events: string[] = [];
  const fold = (now: number): number | undefined => {
    const { due, wakeAt, late } = foldFacts(facts.filter(({ notedAt }) => notedAt <= now), stated, now);
    for (const event of due) {
      if (stated.has(event.key)) throw new Error(`${event.key} is stated twice`);
      stated.add(event.key);
      events.push(`${event.name} ${event.key} ${JSON.stringify(event.data)}`);
    }
    for (const key of late) stated.add(`late ${key}`);
    return wakeAt;
  };
  const times = [...new Set(facts.map(({ notedAt }) => notedAt))];
  let wake: number | undefined;
  for (const now of times) {
    while (wake !== undefined && wake < now) wake = fold(wake);
    wake = fold(now);
  }
  while (wake !== undefined) wake = fold(wake);
  if ([...stated].some((key) => key.startsWith('late'))) throw new Error('something came too late');
  return events;
}

const inOrder = (bench: RailCallBench): number[] => bench.facts.map((_, index) => index);
const names = (events: readonly string[]): string[] => events.map((event) => event.split(' ')[0] ?? '');

describe('the facts of a call', () => {
  it('make its events, in the order in which they happened', () => {
    const bench = busyCall();
    expect(names(told(bench, inOrder(bench), 900))).toEqual([
      'CallStarted', 'CallAnswered', 'DtmfReceived', 'DtmfReceived', 'CallQueued', 'QueueLeft', 'CallRinging', 'CallRinging', 'AgentConnected', 'RecordingStarted', 'CallTransferred', 'RecordingReady',
      'CallEnded',
    ]);
  });

  it('make the same events in whatever order and however often they come: the beginning first, the end last but for a recording', () => {
    const bench = busyCall();
    const expected = told(bench, inOrder(bench), 900).toSorted();
    const all = inOrder(bench);
    const repeated = fc.array(fc.constantFrom(...all), { maxLength: 20 }).chain((extra) => fc.shuffledSubarray([...all, ...extra], { minLength: all.length + extra.length }));
    fc.assert(
      fc.property(repeated, fc.integer({ min: 0, max: 950 }), (order, overMs) => {
        const events = told(bench, order, overMs);
        expect(events.toSorted()).toEqual(expected);
        expect(names(events)[0]).toBe('CallStarted');
        expect(names(events).filter((name) => name !== 'RecordingReady').at(-1)).toBe('CallEnded');
        const place = (name: string): number => events.findIndex((event) => event.startsWith(name));
        expect(place('CallQueued')).toBeLessThan(place('QueueLeft'));
        expect(place('AgentConnected')).toBeGreaterThan(place(`CallRinging ringing:${sid('call 2')}`));
        expect(place('RecordingStarted')).toBeLessThan(place('RecordingReady'));
      }),
      { numRuns: 500 },
    );
  });

  it('end a call once, whatever of them is missing', () => {
    const bench = busyCall();
    const last = bench.facts.findIndex((fact) => fact.kind === 'status');
    fc.assert(
      fc.property(fc.shuffledSubarray(inOrder(bench)), (some) => {
        const events = names(told(bench, some.includes(last) ? some : [...some, last], 500));
        expect(events[0]).toBe('CallStarted');
        expect(events.filter((name) => name === 'CallEnded')).toHaveLength(1);
        expect(events.filter((name) => name !== 'RecordingReady').at(-1)).toBe('CallEnded');
        expect(events.filter((name) => name === 'CallQueued').length <= events.filter((name) => name === 'QueueLeft').length).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('that come when the end has been stated change nothing more, but for a recording', () => {
    const bench = busyCall();
    const facts = bench.facts.map((fact) => ({ fact, notedAt: 0 }));
    const late = facts.filter(({ fact }) => fact.kind === 'digit' || fact.kind === 'recording-ready');
    const stated = new Set(['started', 'ended']);
    const folded = foldFacts(facts, stated, 10_000);
    expect(folded.due.map(({ key }) => key)).toEqual(['recording-ready:RE1']);
    expect(folded.late).toEqual(expect.arrayContaining(late.filter(({ fact }) => fact.kind === 'digit').map(({ fact }) => fact.key)));
    expect(folded.wakeAt).toBeUndefined();
  });

  it('begin a call of which only callbacks are known, with what they know', () => {
    const bench = new RailCallBench().status('in-progress', { from: '+56225550101', to: '+56229145248' }).status('completed', { durationS: 5, from: '+56225550101', to: '+56229145248' });
    const events = told(bench, inOrder(bench), 100);
    expect(names(events)).toEqual(['CallStarted', 'CallAnswered', 'CallEnded']);
    expect(events[0]).toContain('"from":"+56225550101","to":"+56229145248","direction":"inbound"');
  });

  it('of a call that is refused make one event, and its callbacks none', () => {
    const bench = new RailCallBench().refused({ denial: 'premium' }).status('completed');
    const events = told(bench, inOrder(bench), 100);
    expect(names(events)).toEqual(['CallRefused']);
    expect(events[0]).toContain('"denial":"premium"');
  });

  it('of a call that began and was then refused make all of it, whichever comes first', () => {
    const bench = new RailCallBench().started().refused({}).hangup('route', 21).status('completed');
    for (const order of [[0, 1, 2, 3], [1, 0, 3, 2], [3, 1, 2, 0]]) {
      const events = told(bench, order, 300);
      expect(names(events)).toEqual(['CallStarted', 'CallRefused', 'CallEnded']);
      expect(events.at(-1)).toContain('"disposition":"rejected"');
    }
  });

  it('that come when the refusal has been stated are too late to make a call of it', () => {
    const bench = new RailCallBench().started().refused({}).status('completed');
    expect(foldFacts(bench.facts.map((fact) => ({ fact, notedAt: 0 })), new Set(['refused']), 10_000)).toEqual({ due: [], wakeAt: undefined, late: ['started'] });
  });

  it('say of whoever waited in a queue at the end that they left it', () => {
    const bench = new RailCallBench().started().answered().queued('c').status('completed', { durationS: 20 });
    const events = told(bench, inOrder(bench), 100);
    expect(names(events)).toEqual(['CallStarted', 'CallAnswered', 'CallQueued', 'QueueLeft', 'CallEnded']);
    expect(events.at(-2)).toContain('"outcome":"abandoned","waitedMs":1000');
  });
});

describe('the end of a call', () => {
  const ended = (bench: RailCallBench): unknown => JSON.parse(told(bench, inOrder(bench), 100).at(-1)?.replace(/^CallEnded ended /, '') ?? '');
  const outbound = (): RailCallBench => new RailCallBench().started({ direction: 'outbound', from: '201', to: '+56225550101' });

  it.each([
    ['the caller hangs up on the menu', new RailCallBench().started().answered().status('completed'), { disposition: 'answered', endedBy: 'caller', cause: 16 }],
    ['the route ends it', new RailCallBench().started().answered().hangup('route').status('completed'), { disposition: 'answered', endedBy: 'route', cause: 16 }],
    ['the person hangs up first', new RailCallBench().started().answered().ringing('1', '201').person('1', '201').leg('1', 'completed', { callStatus: 'in-progress' }).hangup('route').status('completed'), { disposition: 'answered', endedBy: 'far_end', cause: 16 }],
    ['the person hangs up first, and the caller goes on in the menu', new RailCallBench().started().answered().ringing('1', '201').person('1', '201').leg('1', 'completed', { callStatus: 'in-progress' }).digit('9', 'z:0').status('completed'), { disposition: 'answered', endedBy: 'caller', cause: 16 }],
    ['the caller gives up before the answer', new RailCallBench().started().status('canceled'), { disposition: 'abandoned', endedBy: 'caller', cause: 16, answeredMs: 0 }],
    ['the route says busy', new RailCallBench().started().hangup('route', 17).status('busy'), { disposition: 'busy', endedBy: 'route', cause: 17 }],
    ['the far end is busy', outbound().leg('1', 'busy', { sipCode: 486 }).status('completed'), { disposition: 'busy', endedBy: 'far_end', cause: 17 }],
    ['the far end does not answer', outbound().ringing('1', '+56225550101').leg('1', 'no-answer').status('no-answer'), { disposition: 'no_answer', endedBy: 'far_end', cause: 19 }],
    ['the far end has no such number', outbound().leg('1', 'failed', { sipCode: 404 }).status('completed'), { disposition: 'failed', endedBy: 'far_end', cause: 1 }],
    ['the far end has no such number, and we say so', outbound().leg('1', 'failed', { sipCode: 404 }).hangup('system', 41).status('completed'), { disposition: 'failed', endedBy: 'far_end', cause: 1 }],
    ['the route ends it in order, and nobody had answered', new RailCallBench().started().leg('1', 'no-answer').hangup('route', 16).status('no-answer'), { disposition: 'no_answer', endedBy: 'route', cause: 19 }],
    ['the far end declines', outbound().leg('1', 'failed', { sipCode: 603 }).status('completed'), { disposition: 'rejected', endedBy: 'far_end', cause: 21 }],
    ['codecs do not meet', outbound().leg('1', 'failed', { sipCode: 488 }).status('failed', { sipCode: 488 }), { disposition: 'failed', endedBy: 'far_end', cause: 58 }],
    ['it was found by asking', new RailCallBench().started().answered().status('completed', { recovered: true }), { disposition: 'answered', endedBy: 'system', recovered: true }],
  ])('%s', (_, bench, expected) => {
    expect(ended(bench)).toMatchObject(expected);
  });
});
