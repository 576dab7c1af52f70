import { describe, expect, it } from 'vitest';
import type { KpiTarget } from '@troncal/contracts';
import type { EnvironmentCounts } from '../availability/availability.repository.js';
import type { RegistrationWait } from '../registrations/registration-wait.js';
import { figuresOf, type Measures } from './measures.js';
import { targetsOf, type Seen } from './targets.js';

const NOTHING: Measures = { calls: [], costs: [], questions: [], quality: [], complaints: [] };
const now = new Date('2026-11-30T12:00:00.000Z');
const seen = (more: Partial<Seen> = {}): Seen => ({ figures: figuresOf(more.measures ?? NOTHING), measures: NOTHING, setupMs: undefined, endpoints: [], waits: [], environments: [], sources: [], now, ...more });
const target = (kpi: KpiTarget['kpi'], more: Partial<Seen>): KpiTarget => targetsOf(seen(more), 'en').find((each) => each.kpi === kpi)!;
const answers = (answered: number, failed: number, probesAnswered = 0, probesFailed = 0): Pick<Seen, 'environments'> => ({ environments: [{ environment: 'prod', answered, failed, probesAnswered, probesFailed } satisfies EnvironmentCounts] });
const wait = (ms: number | undefined, more: Partial<RegistrationWait> = {}): RegistrationWait => ({
  extension: '201', environment: 'asterisk', since: now, takenBy: 'device', seenAt: ms === undefined ? undefined : new Date(now.getTime() + ms), seenBy: ms === undefined ? undefined : 'register', ...more,
});

describe('what the figures have to be', () => {
  it.each(['es', 'en'] as const)('says “not measured” of all that nobody has seen, and guesses nothing (%s)', (language) => {
    for (const each of targetsOf(seen(), language)) expect(each).toMatchObject({ value: null, met: null, basis: 'not_measured', observations: 0, detail: expect.stringMatching(/\S/) as string });
  });

  it.each([
    [answers(0, 0), null, null],
    [answers(600, 0, 399, 0), '100.00 %', null],
    [answers(600, 0, 400, 0), '100.00 %', true],
    // One failure among few may be chance.
    [answers(500, 1), '99.80 %', null],
    [answers(500, 1, 0, 1), '99.60 %', false],
    [answers(998, 2), '99.80 %', false],
    [answers(1_999, 1), '99.95 %', true],
    // Exactly 99.9 % is not above it.
    [answers(1_998, 2), '99.90 %', false],
  ])('takes %j for available: %s, met %s', (environments, value, met) => {
    expect(target('availability', environments)).toMatchObject({ value, met });
  });

  it.each([
    ['in time, by REGISTER', [wait(12_000)], { value: '12 s', met: true, basis: 'measured' }],
    ['late, by REGISTER', [wait(12_000), wait(31_000)], { value: '31 s', met: false, basis: 'measured' }],
    ['within time at the latest, by a call', [wait(9_000, { seenBy: 'sign' })], { value: '≤ 9 s', met: true, basis: 'inferred' }],
    ['an hour later at the latest, by a call: that proves nothing', [wait(3_600_000, { seenBy: 'sign' })], { value: '≤ 60 min', met: null, basis: 'inferred' }],
    ['late, but a person had to type it in', [wait(90_000, { takenBy: 'person' })], { value: '≤ 1.5 min', met: null, basis: 'inferred' }],
    ['not at all yet', [wait(undefined)], { value: null, met: null, basis: 'not_measured', detail: expect.stringContaining('of 1 phones') as string }],
  ])('takes a phone that was there %s', (_, waits, expected) => {
    expect(target('registration_time', { waits })).toMatchObject(expected);
  });

  it('says why no audio is measured where Twilio has the option off', () => {
    expect(target('audio', { sources: [{ environment: 'prod', state: 'not_enabled', seenAt: now }] })).toMatchObject({ basis: 'not_measured', detail: expect.stringContaining('not enabled on the Twilio account') as string });
  });
});
