import { routeSchema, type RouteInput } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { advance, allSpoken, clockAt, MAX_HOPS, MAX_MENUS, resume, start, type FlowClock, type FlowInput, type FlowState, type FlowStep } from './index.js';

const MONDAY_MORNING = clockAt(new Date('2026-11-30T13:00:00Z'), 'America/Santiago');
const NIGHT = clockAt(new Date('2026-11-30T04:00:00Z'), 'America/Santiago');
const both = (es: string, en: string) => ({ say: { es, en } });
const say = (text: string) => ({ say: { es: text } });
const bye = { kind: 'hangup' } as const;

const route = (nodes: RouteInput['nodes'], more: Partial<RouteInput> = {}) => routeSchema.parse({ name: 'T', start: 'a', nodes, ...more });
const digit = (pressed: string): FlowInput => ({ kind: 'digit', digit: pressed });
const said = ({ step }: FlowState): FlowInput => ({ kind: 'said', step });
const left = (recorded: boolean) => ({ step }: FlowState): FlowInput => ({ kind: 'voicemail_left', step, recorded });

function run(given: ReturnType<typeof route>, inputs: readonly (FlowInput | ((state: FlowState) => FlowInput))[], clock: FlowClock = MONDAY_MORNING, first: FlowStep = start(given, { answered: true }, clock)): FlowStep {
  return inputs.reduce<FlowStep>((step, input) => advance(given, step.state, typeof input === 'function' ? input(step.state) : input, clock), first);
}

describe('a schedule', () => {
  const office = (onHoliday?: string) => route({
    a: { kind: 'schedule', hours: { mon: ['09:00-18:00'] }, holidays: { country: 'CL' }, onOpen: 'open', onClosed: 'closed', ...(onHoliday ? { onHoliday } : {}) },
    open: { kind: 'announce', prompt: say('abierto'), next: 'bye' }, closed: { kind: 'announce', prompt: say('cerrado'), next: 'bye' }, ...(onHoliday ? { [onHoliday]: { kind: 'announce', prompt: say('feriado'), next: 'bye' } } : {}), bye,
  });
  const COLUMBUS_DAY = clockAt(new Date('2026-10-12T13:00:00Z'), 'America/Santiago');

  it('leads by the time of the step, in the tenant’s zone', () => {
    expect(start(office(), { answered: true }, MONDAY_MORNING).actions).toEqual([expect.objectContaining({ kind: 'say', text: 'abierto' })]);
    expect(start(office(), { answered: true }, NIGHT).actions).toEqual([expect.objectContaining({ text: 'cerrado' })]);
  });

  it('leads on a holiday where the route says, else where it is closed', () => {
    expect(start(office('feriado'), { answered: true }, COLUMBUS_DAY).actions).toEqual([expect.objectContaining({ text: 'feriado' })]);
    expect(start(office(), { answered: true }, COLUMBUS_DAY).actions).toEqual([expect.objectContaining({ text: 'cerrado' })]);
  });

  it('keeps digits pressed ahead for the menu behind it', () => {
    const ahead = route({ a: { kind: 'announce', prompt: say('hola'), next: 's' }, s: { kind: 'schedule', hours: { mon: ['00:00-24:00'] }, onOpen: 'm', onClosed: 'bye' }, m: { kind: 'menu', prompt: say('tema'), digits: { '2': 'people' }, onTimeout: 'bye' }, people: { kind: 'queue', queue: 'people', onTimeout: 'bye' }, bye });
    expect(run(ahead, [digit('2')]).state).toMatchObject({ node: 'people', reason: 'digit' });
  });

  it('does not keep a call in a circle of nodes that nobody hears', () => {
    const circle = route({ a: { kind: 'schedule', hours: {}, onOpen: 'a', onClosed: 'b' }, b: { kind: 'language', language: 'en', next: 'a' } });
    expect(start(circle, { answered: true }, NIGHT).state).toMatchObject({ phase: 'ended', cause: 'loop', hops: MAX_HOPS + 1 });
  });
});

describe('a language', () => {
  const bilingual = route({
    a: { kind: 'menu', prompt: both('para español marque uno', 'for English press two'), digits: { '1': 'es', '2': 'en', '3': 'gb' }, onTimeout: 'bye' },
    es: { kind: 'language', language: 'es', locale: 'es-ES', next: 'hello' },
    en: { kind: 'language', language: 'en', next: 'hello' },
    gb: { kind: 'language', language: 'en', locale: 'en-GB', next: 'agent' },
    hello: { kind: 'announce', prompt: both('hola', 'hello'), next: 'agent' },
    agent: { kind: 'agent', agent: 'default', onHandoff: 'bye', onFailed: 'a' },
    bye: { kind: 'hangup', prompt: say('adiós') },
  }, { locale: 'es-MX' });

  it('is spoken from there on, by prompts and by agents', () => {
    const chosen = run(bilingual, [digit('2')]);
    expect(chosen.actions.at(-1)).toEqual({ kind: 'say', step: 2, text: 'hello', language: 'en', interruptible: true });
    const agent = advance(bilingual, chosen.state, said(chosen.state), MONDAY_MORNING);
    expect(agent.actions).toEqual([expect.objectContaining({ kind: 'agent', language: 'en' })]);
  });

  it('is spoken as its node says, else as the route does where that speaks the same', () => {
    expect(start(bilingual, { answered: true }, MONDAY_MORNING).actions).toEqual([expect.objectContaining({ language: 'es', locale: 'es-MX' })]);
    expect(run(bilingual, [digit('1')]).actions.at(-1)).toMatchObject({ text: 'hola', locale: 'es-ES' });
    const british = run(bilingual, [digit('3')]);
    const again = advance(bilingual, british.state, { kind: 'agent_failed', step: british.state.step }, MONDAY_MORNING);
    expect(again.actions).toEqual([expect.objectContaining({ text: 'for English press two', locale: 'en-GB' })]);
    // The next choice forgets how the one before was spoken.
    expect(run(bilingual, [digit('2')], MONDAY_MORNING, again).actions.at(-1)).not.toHaveProperty('locale');
  });

  it('gives way to the prompt’s own where that has no other, with the route’s way to speak that', () => {
    const british = run(bilingual, [digit('3'), { kind: 'handoff' }]);
    expect(british.actions.at(-1)).toMatchObject({ text: 'adiós', language: 'es', locale: 'es-MX' });
  });

  it('outlives a death of the driver and a transfer', () => {
    const { state } = run(bilingual, [digit('3')]);
    expect(resume(bilingual, state, MONDAY_MORNING).actions).toEqual([expect.objectContaining({ kind: 'agent', language: 'en' })]);
    const on = start(bilingual, { answered: true, reason: 'transfer', spoken: { language: 'en', locale: 'en-GB' } }, MONDAY_MORNING);
    expect(on.actions).toEqual([expect.objectContaining({ text: 'for English press two', locale: 'en-GB' })]);
  });

  it('has a voice of its own where the prompt names one', () => {
    const voiced = route({ a: { kind: 'announce', prompt: { say: { es: 'hola', en: 'hello' }, voice: { es: 'Polly.Mia-Neural' } }, next: 'bye' }, bye });
    expect(start(voiced, { answered: true }, NIGHT).actions).toEqual([expect.objectContaining({ voice: 'Polly.Mia-Neural' })]);
    expect(start(voiced, { answered: true, spoken: { language: 'en' } }, NIGHT).actions).toEqual([expect.not.objectContaining({ voice: expect.anything() as string })]);
  });

  it('is known to whoever renders prompts before they are needed', () => {
    expect(allSpoken(bilingual).map(({ text, locale }) => `${locale ?? '-'} ${text}`).toSorted()).toEqual(expect.arrayContaining(['- hello', 'en-GB hello', 'es-ES hola', 'es-MX hola', 'es-MX adiós']));
  });
});

describe('a voicemail', () => {
  const box = route({
    a: { kind: 'voicemail', prompt: say('deje su mensaje'), maxSeconds: 60, finishOnKey: '*', mailbox: '201', next: 'thanks', onNothing: 'nothing' },
    thanks: { kind: 'hangup', prompt: say('gracias') }, nothing: { kind: 'hangup', prompt: say('no hay nada') },
  });

  it('is told of, then recorded after a beep', () => {
    expect(start(box, { answered: false }, NIGHT).actions.map(({ kind }) => kind)).toEqual(['answer', 'say']);
    expect(run(box, [said]).actions).toEqual([{ kind: 'voicemail', step: 2, maxSeconds: 60, silenceSeconds: 5, finishOnKey: '*', beep: true, mailbox: '201' }]);
  });

  it('goes on by whether something was said', () => {
    expect(run(box, [said, left(true)]).actions).toEqual([expect.objectContaining({ text: 'gracias' })]);
    expect(run(box, [said, left(false)]).actions).toEqual([expect.objectContaining({ text: 'no hay nada' })]);
    const { onNothing: _without, ...plain } = box.nodes['a'] as Extract<RouteInput['nodes'][string], { kind: 'voicemail' }>;
    const simple = route({ a: plain, thanks: { kind: 'hangup', prompt: say('gracias') } });
    expect(run(simple, [said, left(false)]).actions).toEqual([expect.objectContaining({ text: 'gracias' })]);
  });

  it('has no finish key where the route says so, and takes no digit for itself', () => {
    const keyless = route({ a: { kind: 'voicemail', finishOnKey: 'none', next: 'bye' }, bye });
    const begun = start(keyless, { answered: true }, NIGHT);
    expect(begun.actions).toEqual([{ kind: 'voicemail', step: 1, maxSeconds: 120, silenceSeconds: 5, beep: true, mailbox: 'main' }]);
    expect(run(keyless, [digit('1'), digit('#')]).state).toEqual(begun.state);
  });

  it('forgets digits pressed ahead of it, as whatever takes none does', () => {
    const ahead = route({ a: { kind: 'voicemail', next: 'm' }, m: { kind: 'menu', prompt: say('tema'), digits: { '2': 'bye' }, onTimeout: 'bye' }, bye }, { recording: { enabled: true, announcement: say('se graba') } });
    expect(run(ahead, [digit('2'), said, left(true)]).state).toMatchObject({ node: 'm', phase: 'menu_prompt' });
  });

  it('is stopped when the caller hangs up', () => {
    expect(run(box, [said, { kind: 'hangup' }]).actions).toEqual([{ kind: 'stop', activity: 'voicemail', step: 2 }, { kind: 'hangup', cause: 'normal' }]);
  });

  it('is begun again under a new number after a death of the driver', () => {
    const stored = run(box, [said]).state;
    const again = resume(box, stored, NIGHT);
    expect(again.actions).toEqual([expect.objectContaining({ kind: 'voicemail', step: 3 })]);
    expect(advance(box, again.state, { kind: 'voicemail_left', step: 2, recorded: true }, NIGHT).actions).toEqual([]);
  });
});

describe('back', () => {
  const tree = route({
    a: { kind: 'menu', prompt: say('uno'), digits: { '1': 'b', '3': 'news', '*': 'up' }, attempts: 1, onTimeout: 'bye' },
    b: { kind: 'menu', prompt: say('dos'), digits: { '1': 'c', '*': 'up' }, attempts: 1, onTimeout: 'up' },
    c: { kind: 'menu', prompt: say('tres'), digits: { '0': 'a', '*': 'up', '4': 'news' }, onTimeout: 'bye' },
    news: { kind: 'announce', prompt: say('noticias'), next: 'up' },
    up: { kind: 'back' },
    bye,
  });
  const at = (...inputs: (FlowInput | ((state: FlowState) => FlowInput))[]) => run(tree, inputs).state;

  it('leads to the menu before this one, step by step', () => {
    expect(at(digit('1'), digit('1'), digit('*'))).toMatchObject({ node: 'b', phase: 'menu_prompt', attempt: 1 });
    expect(at(digit('1'), digit('1'), digit('*'), digit('*'))).toMatchObject({ node: 'a' });
  });

  it('leads from an announcement to the menu that it was chosen in', () => {
    expect(at(digit('3'), said)).toMatchObject({ node: 'a' });
    expect(at(digit('1'), digit('1'), digit('4'), said)).toMatchObject({ node: 'c' });
  });

  it('says the first menu again, which has none before', () => {
    expect(at(digit('*'))).toMatchObject({ node: 'a', menus: ['a'] });
  });

  it('leads to the start where no menu was heard', () => {
    const none = route({ a: { kind: 'announce', prompt: say('hola'), next: 'up' }, up: { kind: 'back' } });
    expect(run(none, [said]).state).toMatchObject({ node: 'a', phase: 'announce' });
  });

  it('works without a digit, and with digits pressed ahead of it', () => {
    expect(at(digit('1'), said, ({ step }) => ({ kind: 'digit_timeout', step }))).toMatchObject({ node: 'a' });
    expect(run(route({ ...tree.nodes, n: { kind: 'announce', prompt: say('hola'), next: 'a' } }, { start: 'n', recording: { enabled: true, announcement: say('se graba') } }), [digit('1'), digit('1'), digit('*'), digit('*'), said, said]).state)
      .toMatchObject({ node: 'a', menus: ['a'] });
  });

  it('forgets the way down when the caller goes to an upper menu', () => {
    expect(at(digit('1'), digit('1'), digit('0'))).toMatchObject({ node: 'a', menus: ['a'] });
  });

  it('remembers so many menus and no more', () => {
    const ids = Array.from({ length: MAX_MENUS + 4 }, (_none, index) => `m${index}`);
    const deep = route(Object.fromEntries([...ids.map((id, index): [string, RouteInput['nodes'][string]] => [id, { kind: 'menu', prompt: say(id), digits: { '1': ids[index + 1] ?? 'up' }, onTimeout: 'bye' }]), ['up', { kind: 'back' }], ['bye', bye]]), { start: 'm0' });
    const { state } = run(deep, Array.from({ length: MAX_MENUS + 3 }, () => digit('1')));
    expect(state.menus).toEqual(ids.slice(-MAX_MENUS));
  });
});
