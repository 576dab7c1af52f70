import { routeSchema, type RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { advance, clockAt, resume, start, startAt, MAX_HOPS, MAX_TYPED_AHEAD, routeTo, type FlowInput, type FlowState, type FlowStep } from './index.js';

const NOW = clockAt(new Date('2026-11-30T13:00:00Z'), 'America/Santiago');
const say = (text: string) => ({ say: { es: text } });
const bye = { kind: 'hangup' } as const;
const people = { kind: 'queue', queue: 'people', onTimeout: 'bye' } as const;

function route(nodes: RouteInput['nodes'], more: Partial<RouteInput> = {}) {
  return routeSchema.parse({ name: 'T', start: 'a', nodes, ...more });
}

/** Feeds inputs one by one; a report without a step gets the current one. */
function run(given: ReturnType<typeof route>, inputs: readonly (FlowInput | ((state: FlowState) => FlowInput))[], first: FlowStep = start(given, { answered: false }, NOW)) {
  let step = first;
  const kinds = [step.actions.map((action) => action.kind)];
  for (const input of inputs) {
    step = advance(given, step.state, typeof input === 'function' ? input(step.state) : input, NOW);
    kinds.push(step.actions.map((action) => action.kind));
  }
  return { ...step, kinds };
}

const said = (state: FlowState): FlowInput => ({ kind: 'said', step: state.step });
const silence = (state: FlowState): FlowInput => ({ kind: 'digit_timeout', step: state.step });
const digit = (pressed: string): FlowInput => ({ kind: 'digit', digit: pressed });

describe('announce', () => {
  it('answers once, says, and goes on', () => {
    const { kinds, state } = run(route({ a: { kind: 'announce', prompt: say('hola'), next: 'b' }, b: { kind: 'announce', prompt: say('adiós'), next: 'bye' }, bye }), [said, said]);
    expect(kinds).toEqual([['answer', 'say'], ['say'], ['hangup']]);
    expect(state).toMatchObject({ phase: 'ended', cause: 'normal' });
  });

  it('is cut short by a digit, which the next menu takes', () => {
    const { kinds, state } = run(route({ a: { kind: 'announce', prompt: say('hola'), next: 'm' }, m: { kind: 'menu', prompt: say('marque'), digits: { '1': 'people' }, onTimeout: 'bye' }, people, bye }), [digit('1')]);
    expect(kinds.at(-1)).toEqual(['stop', 'queue']);
    expect(state).toMatchObject({ node: 'people', phase: 'queue', reason: 'digit' });
  });

  it('takes the first text given when the route’s language is missing', () => {
    const { actions } = start(route({ a: { kind: 'announce', prompt: { say: { en: 'hello' } }, next: 'bye' }, bye }), { answered: true }, NOW);
    expect(actions).toEqual([{ kind: 'say', step: 1, text: 'hello', language: 'en', interruptible: true }]);
  });
});

describe('menu', () => {
  const menu = route({
    a: { kind: 'menu', prompt: say('marque'), digits: { '1': 'people' }, attempts: 2, invalidPrompt: say('no es válido'), onTimeout: 'bye', onInvalid: 'wrong', timeoutMs: 4_000 },
    people,
    wrong: { kind: 'hangup', cause: 'rejected' },
    bye,
  });

  it('lets a digit interrupt the prompt', () => {
    const { kinds, actions, state } = run(menu, [digit('1')]);
    expect(kinds).toEqual([['answer', 'say'], ['stop', 'queue']]);
    expect(actions[0]).toEqual({ kind: 'stop', activity: 'say', step: 1 });
    expect(state.step).toBe(2);
  });

  it('waits after the prompt as long as the route says', () => {
    const { actions } = run(menu, [said]);
    expect(actions).toEqual([{ kind: 'collect', step: 2, timeoutMs: 4_000 }]);
  });

  it('says the prompt `attempts` times, then follows onTimeout', () => {
    const { kinds, state } = run(menu, [said, silence, said, silence]);
    expect(kinds).toEqual([['answer', 'say'], ['collect'], ['say'], ['collect'], ['hangup']]);
    expect(state.node).toBe('bye');
  });

  it('tells a wrong digit, asks again, and follows onInvalid after the last attempt', () => {
    const first = run(menu, [digit('9')]);
    expect(first.actions.at(-1)).toMatchObject({ kind: 'say', text: 'no es válido' });
    const { state, actions } = run(menu, [digit('9'), said, digit('9')]);
    expect(state.node).toBe('wrong');
    expect(actions.at(-1)).toEqual({ kind: 'hangup', cause: 'rejected' });
  });

  it('ignores a late end of a prompt that a digit has cut short', () => {
    const before = run(menu, [digit('1')]).state;
    expect(advance(menu, before, { kind: 'said', step: 1 }, NOW)).toEqual({ state: before, actions: [] });
  });
});

describe('ring', () => {
  const ring = route({ a: { kind: 'ring', extensions: ['201', '202'], onNoAnswer: 'people' }, people, bye });

  it('rings without answering the caller, who is answered when a phone is', () => {
    const { kinds, state } = run(ring, [(now) => ({ kind: 'ring_answered', step: now.step })]);
    expect(kinds).toEqual([['ring'], ['answer']]);
    expect(state.phase).toBe('talking');
  });

  it('goes on when nobody answers', () => {
    expect(run(ring, [(now) => ({ kind: 'ring_failed', step: now.step })]).kinds.at(-1)).toEqual(['answer', 'queue']);
  });

  it('ends when the person leaves', () => {
    expect(run(ring, [(now) => ({ kind: 'ring_answered', step: now.step }), { kind: 'person_left' }]).state).toMatchObject({ phase: 'ended', cause: 'normal' });
  });
});

describe('queue', () => {
  const queue = route({ a: { kind: 'queue', queue: 'people', prompt: say('espere'), onTimeout: 'late', onNoMembers: 'none' }, late: bye, none: { kind: 'hangup', prompt: say('no hay nadie') } });

  it('says its prompt, then waits', () => {
    expect(run(queue, [said]).actions).toEqual([{ kind: 'queue', step: 2, queue: 'people', timeoutMs: 300_000, reason: 'route' }]);
  });

  it.each([
    ['timeout', 'late'],
    ['no_members', 'none'],
  ] as const)('leads %s to %s', (outcome, node) => {
    expect(run(queue, [said, (now) => ({ kind: 'queue_left', step: now.step, outcome })]).state.node).toBe(node);
  });

  it('keeps the caller with the person who took the call', () => {
    expect(run(queue, [said, (now) => ({ kind: 'queue_connected', step: now.step })]).state.phase).toBe('talking');
  });
});

describe('agent', () => {
  const agent = route({ a: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'sorry' }, people, sorry: { kind: 'announce', prompt: say('perdón'), next: 'people' }, bye });

  it('obeys its digits at once, the agent need not be there', () => {
    const { kinds, state } = run(agent, [digit('0')]);
    expect(kinds.at(-1)).toEqual(['stop', 'queue']);
    expect(state.reason).toBe('digit');
  });

  it('leaves other digits to nobody', () => {
    expect(run(agent, [digit('5')]).kinds.at(-1)).toEqual([]);
  });

  it('hands over at its own wish', () => {
    expect(run(agent, [{ kind: 'handoff' }]).state).toMatchObject({ node: 'people', reason: 'agent_request' });
  });

  it('follows onFailed, and the queue knows why', () => {
    const { state, actions } = run(agent, [(now) => ({ kind: 'agent_failed', step: now.step }), said]);
    expect(state.node).toBe('people');
    expect(actions.at(-1)).toMatchObject({ kind: 'queue', reason: 'agent_failed' });
  });

  it('refuses a handoff anywhere else', () => {
    const before = run(agent, [digit('0')]).state;
    expect(advance(agent, before, { kind: 'handoff' }, NOW).state).toBe(before);
  });
});

describe('recording', () => {
  it('begins after its notice, which no digit cuts short', () => {
    const announced = route({ a: people, bye }, { recording: { enabled: true, announcement: say('se graba') }, nodes: { a: people, bye } });
    const { kinds } = run(announced, [digit('0'), said]);
    expect(kinds).toEqual([['answer', 'say'], [], ['record', 'queue']]);
  });

  it('begins with the answer where nothing is said', () => {
    const silent = route({ a: { kind: 'ring', extensions: ['201'], onNoAnswer: 'bye' }, bye }, { recording: { enabled: true } });
    expect(run(silent, [(now) => ({ kind: 'ring_answered', step: now.step })]).kinds).toEqual([['ring'], ['answer', 'record']]);
  });

  it('is not begun twice after a transfer', () => {
    const again = route({ a: people, bye }, { recording: { enabled: true, announcement: say('se graba') } });
    expect(start(again, { answered: true, recording: true }, NOW).actions.map((action) => action.kind)).toEqual(['queue']);
  });
});

describe('digits pressed ahead', () => {
  const announcement = { recording: { enabled: true, announcement: say('se graba') } };
  const menus: RouteInput['nodes'] = {
    a: { kind: 'menu', prompt: say('idioma'), digits: { '1': 'm' }, onTimeout: 'bye' },
    m: { kind: 'menu', prompt: say('tema'), digits: { '2': 'g', '3': 'a' }, onTimeout: 'bye' },
    g: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' },
    people,
    bye,
  };

  it('during the notice of a recording wait for its end, and lead through menus to a person', () => {
    const { kinds, state } = run(route(menus, announcement), [digit('1'), digit('2'), digit('7'), digit('0'), said]);
    expect(kinds).toEqual([['answer', 'say'], [], [], [], [], ['record', 'queue']]);
    expect(state).toMatchObject({ node: 'people', reason: 'digit' });
    expect(state).not.toHaveProperty('typedAhead');
  });

  it('outlive a death of the driver', () => {
    const given = route(menus, announcement);
    const { state } = run(given, [digit('1')]);
    const again = resume(given, state, NOW);
    expect(again.actions).toMatchObject([{ kind: 'say', text: 'se graba' }]);
    expect(run(given, [said], again)).toMatchObject({ state: { node: 'm', phase: 'menu_prompt' } });
  });

  it('are forgotten at the first wrong one, and the menu is heard', () => {
    const { state, actions } = run(route(menus, announcement), [digit('9'), digit('1'), said]);
    expect(actions.at(-1)).toMatchObject({ kind: 'say', text: 'idioma' });
    expect(state).toMatchObject({ node: 'a', attempt: 1 });
    expect(state).not.toHaveProperty('typedAhead');
  });

  it('are kept up to a bound', () => {
    const pressed = Array.from({ length: 3 * MAX_TYPED_AHEAD }, () => digit('1'));
    expect(run(route(menus, announcement), pressed).state.typedAhead).toHaveLength(MAX_TYPED_AHEAD);
  });

  it('do not follow the caller to a person', () => {
    const straight = route({ a: { kind: 'queue', queue: 'people', onTimeout: 'm' }, m: { kind: 'menu', prompt: say('tema'), digits: { '1': 'bye' }, onTimeout: 'bye' }, bye }, announcement);
    const { state } = run(straight, [digit('1'), said, (now) => ({ kind: 'queue_left', step: now.step, outcome: 'timeout' })]);
    expect(state).toMatchObject({ node: 'm', phase: 'menu_prompt' });
  });
});

describe('ends', () => {
  it('ends from any state when the caller hangs up, and stops what is in force', () => {
    const { kinds, state } = run(route({ a: people, bye }), [{ kind: 'hangup' }, { kind: 'hangup' }]);
    expect(kinds).toEqual([['answer', 'queue'], ['stop', 'hangup'], []]);
    expect(state.phase).toBe('ended');
  });

  it('ends a loop that the caller never speaks in', () => {
    const loop = route({ a: { kind: 'announce', prompt: say('uno'), next: 'b' }, b: { kind: 'announce', prompt: say('dos'), next: 'a' } });
    const { state } = run(loop, Array.from({ length: MAX_HOPS }, () => said));
    expect(state).toMatchObject({ phase: 'ended', cause: 'loop' });
  });

  it('counts anew after a digit that led somewhere', () => {
    const loop = route({ a: { kind: 'menu', prompt: say('uno'), digits: { '1': 'a' }, onTimeout: 'a' } });
    expect(run(loop, Array.from({ length: 3 * MAX_HOPS }, () => digit('1'))).state.phase).toBe('menu_prompt');
  });

  it('ends instead of throwing when a stored node is not in the route', () => {
    const small = route({ a: people, bye });
    const { state } = resume(small, { ...start(small, { answered: true }, NOW).state, node: 'constructor', phase: 'announce' }, NOW);
    expect(state).toMatchObject({ phase: 'ended', cause: 'broken' });
  });
});

describe('resume', () => {
  const menu = route({ a: { kind: 'menu', prompt: say('marque'), digits: { '1': 'g' }, attempts: 2, onTimeout: 'bye' }, g: { kind: 'agent', agent: 'default', digits: { '0': 'people' }, onHandoff: 'people', onFailed: 'people' }, people, bye });

  it('gives the waiting action out again under a new number, so that a report on the old one is late', () => {
    const stored = run(menu, []).state;
    const again = resume(menu, stored, NOW);
    expect(again.actions).toEqual([expect.objectContaining({ kind: 'say', step: 2 })]);
    expect(again.state).toMatchObject({ attempt: 1, phase: 'menu_prompt' });
    expect(advance(menu, again.state, { kind: 'said', step: 1 }, NOW).actions).toEqual([]);
  });

  it('tells the agent that it is being resumed', () => {
    expect(resume(menu, run(menu, [digit('1')]).state, NOW).actions).toEqual([{ kind: 'agent', step: 3, agent: 'default', resume: true, language: 'es' }]);
  });

  it('keeps why the caller queues', () => {
    expect(resume(menu, run(menu, [digit('1'), digit('0')]).state, NOW).actions).toEqual([expect.objectContaining({ kind: 'queue', reason: 'digit' })]);
  });
});

describe('routeTo', () => {
  it('gives a valid route for every target, with a person behind every agent', () => {
    expect(run(routeTo({ kind: 'agent', agent: 'default' }, 'es'), [digit('0')]).actions.at(-1)).toMatchObject({ kind: 'queue', queue: 'people' });
    expect(start(routeTo({ kind: 'extension', extension: '202', announce: false }, 'es'), { answered: false }, NOW).actions).toEqual([expect.objectContaining({ kind: 'ring', extensions: ['202'] })]);
    expect(start(routeTo({ kind: 'queue', queue: 'people' }, 'en'), { answered: true, reason: 'transfer' }, NOW).actions).toEqual([expect.objectContaining({ kind: 'queue', reason: 'transfer' })]);
  });
});

describe('a flow that begins in the middle of its route', () => {
  const given = route({
    a: { kind: 'menu', prompt: say('marque'), digits: { '1': 'people', '2': 'robot' }, onTimeout: 'bye' },
    people: { kind: 'queue', queue: 'people', prompt: say('un momento'), onTimeout: 'a' },
    robot: { kind: 'agent', agent: 'r', onHandoff: 'people', onFailed: 'people' },
    bye,
  }, { recording: { enabled: true, announcement: say('se graba') } });
  const context = { answered: false, recording: true, spoken: { language: 'en' } } as const;

  it.each([['people', 'queue'], ['robot', 'agent'], ['a', 'say']])('is at %s at once, past its prompt, and records nothing anew', (node, kind) => {
    const { state, actions } = startAt(given, node, context, NOW);
    expect(actions.map((action) => action.kind)).toEqual(['answer', kind]);
    expect(state).toMatchObject({ node, language: 'en' });
  });

  it('goes on as any other', () => {
    const first = startAt(given, 'people', context, NOW);
    expect(run(given, [(state) => ({ kind: 'queue_left', step: state.step, outcome: 'timeout' })], first).state).toMatchObject({ node: 'a', phase: 'menu_prompt' });
  });

  it('ends when the route has no such place', () => {
    expect(startAt(given, 'gone', context, NOW).state).toMatchObject({ phase: 'ended', cause: 'broken' });
  });
});
