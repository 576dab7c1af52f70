import { isDeepStrictEqual } from 'node:util';
import { routeSchema, type Prompt, type Route } from '@troncal/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityOf, advance, clockAt, isBlocking, MAX_MENUS, resume, start, type FlowInput, type FlowStep } from './index.js';

const IDS = ['a', 'b', 'c', 'd', 'e'] as const;
const id: fc.Arbitrary<string> = fc.constantFrom(...IDS);
const prompt = fc.constantFrom<Prompt>({ say: { es: 'hola' } }, { say: { en: 'hello' } });
const digits = fc.dictionary(fc.constantFrom('0', '1', '2', '*', '#'), id, { minKeys: 1, maxKeys: 3 });

const node = fc.oneof(
  fc.record({ kind: fc.constant('announce' as const), prompt, next: id }),
  fc.record({ kind: fc.constant('menu' as const), prompt, digits, timeoutMs: fc.constant(500), attempts: fc.integer({ min: 1, max: 3 }), onTimeout: id, onInvalid: id }),
  fc.record({ kind: fc.constant('ring' as const), extensions: fc.constant(['201', '202']), strategy: fc.constantFrom('all' as const, 'in_order' as const), timeoutMs: fc.constant(1_000), onNoAnswer: id }),
  fc.record({ kind: fc.constant('queue' as const), queue: fc.constant('people'), prompt, timeoutMs: fc.constant(1_000), onTimeout: id, onNoMembers: id }),
  fc.record({ kind: fc.constant('agent' as const), agent: fc.constant('default'), digits, onHandoff: id, onFailed: id }),
  fc.record({ kind: fc.constant('voicemail' as const), prompt, maxSeconds: fc.constant(5), next: id, onNothing: id }),
  fc.record({ kind: fc.constant('schedule' as const), hours: fc.constantFrom({}, { mon: ['09:00-18:00'], sun: ['22:00-06:00'] }), holidays: fc.constant({ country: 'CL' as const }), onOpen: id, onClosed: id, onHoliday: id }),
  fc.record({ kind: fc.constant('language' as const), language: fc.constantFrom('es' as const, 'en' as const), next: id }),
  fc.record({ kind: fc.constant('back' as const) }),
  fc.record({ kind: fc.constant('hangup' as const), cause: fc.constantFrom('normal' as const, 'busy' as const) }),
);

/** Any graph over five nodes, pruned to what is reachable so that the contract accepts it. */
const route: fc.Arbitrary<Route> = fc
  .record({ nodes: fc.tuple(node.filter(({ kind }) => kind !== 'back'), node, node, node, node), enabled: fc.boolean(), notice: fc.boolean() })
  .map(({ nodes, enabled, notice }) => {
    const all: Record<string, unknown> = Object.fromEntries(IDS.map((name, index) => [name, nodes[index]]));
    const base = { name: 'R', start: 'a', recording: { enabled, ...(notice ? { announcement: { say: { es: 'se graba' } } } : {}) } };
    const faults = routeSchema.safeParse({ ...base, nodes: all }).error?.issues.map((issue) => String(issue.path[1])) ?? [];
    return routeSchema.parse({ ...base, nodes: Object.fromEntries(Object.entries(all).filter(([name]) => !faults.includes(name))) });
  });

const stepped = ['said', 'digit_timeout', 'ring_answered', 'ring_failed', 'queue_connected', 'agent_failed'] as const;
/** Inputs with a step relative to the current one: 0 is on time, anything else is late or impossible. */
const input = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom(...stepped), step: fc.constantFrom(0, 0, 0, -1, 7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('queue_left' as const), step: fc.constantFrom(0, -1), outcome: fc.constantFrom('timeout' as const, 'no_members' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('voicemail_left' as const), step: fc.constantFrom(0, -1), recorded: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('digit' as const), digit: fc.oneof(fc.constantFrom('0', '1', '9', '*'), fc.string({ maxLength: 3 })) }) },
  { weight: 1, arbitrary: fc.constantFrom({ kind: 'handoff' as const }, { kind: 'person_left' as const }, { kind: 'restart' as const }, { kind: 'hangup' as const }) },
);

/** Any moment of two years, in zones on both sides of UTC, one of them with a half hour, one unknown. */
const clock = fc.tuple(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }), fc.constantFrom('America/Santiago', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Nowhere/At_All')).map(([at, zone]) => clockAt(new Date(at), zone));

/** What of the interpreter's promises a step breaks, and which blocking action is in force after it. */
function check(step: FlowStep, inForce: number | undefined, answeredBefore: boolean): { readonly faults: string[]; readonly open: number | undefined } {
  const faults: string[] = [];
  const demand = (holds: boolean, fault: string): void => void (holds || faults.push(fault));
  let open = inForce;
  let answered = answeredBefore;
  for (const action of step.actions) {
    if (action.kind === 'stop') {
      demand(action.step === open, `stops ${action.step} while ${open} is in force`);
      open = undefined;
    } else if (action.kind === 'answer') {
      demand(!answered, 'answers twice');
      answered = true;
    } else if (isBlocking(action)) {
      demand(open === undefined, `${action.kind} is given while ${open} is in force`);
      demand(answered || action.kind === 'ring', `${action.kind} before the answer`);
      open = action.step;
    }
  }
  const { phase } = step.state;
  demand((open === undefined) === (activityOf[phase] === undefined), `${phase} with ${open} in force`);
  demand(step.actions.some((action) => action.kind === 'hangup') === (phase === 'ended' && step.actions.length > 0), 'hangup does not agree with the phase');
  const { menus = [] } = step.state;
  demand(menus.length <= MAX_MENUS && new Set(menus).size === menus.length, 'the way through the menus is not bounded');
  demand(isDeepStrictEqual(JSON.parse(JSON.stringify(step.state)), step.state), 'the state is not plain JSON');
  return { faults, open };
}

describe('any route with any inputs', () => {
  it('never throws, is always in a defined state, and never has two blocking actions in force', () => {
    fc.assert(
      fc.property(route, fc.boolean(), fc.array(input, { maxLength: 60 }), clock, (given, answered, inputs, now) => {
        let step = start(given, { answered }, now);
        let checked = check(step, undefined, answered);
        const faults = [...checked.faults];
        for (const each of inputs) {
          const before = step.state;
          const fed: FlowInput | undefined = each.kind === 'restart' ? undefined : 'step' in each ? { ...each, step: before.step + each.step } : each;
          step = fed ? advance(given, before, fed, now) : resume(given, before, now);
          const reports = fed === undefined || ('step' in fed && fed.step === before.step && step.state !== before);
          checked = check(step, reports ? undefined : checked.open, before.answered);
          faults.push(...checked.faults);
        }
        expect(faults).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends by itself when the caller never presses anything', () => {
    fc.assert(
      fc.property(route, clock, (given, now) => {
        let step = start(given, { answered: false }, now);
        for (let turns = 0; step.state.phase !== 'ended'; turns += 1) {
          expect(turns).toBeLessThan(1_000);
          const at = step.state.step;
          const reports: Record<string, FlowInput> = {
            say: { kind: 'said', step: at },
            collect: { kind: 'digit_timeout', step: at },
            ring: { kind: 'ring_failed', step: at },
            queue: { kind: 'queue_left', step: at, outcome: 'timeout' },
            agent: { kind: 'agent_failed', step: at },
            voicemail: { kind: 'voicemail_left', step: at, recorded: at % 2 === 0 },
          };
          const report = reports[activityOf[step.state.phase] ?? ''];
          expect(report).toBeDefined();
          if (report) step = advance(given, step.state, report, now);
        }
      }),
      { numRuns: 500 },
    );
  });
});
