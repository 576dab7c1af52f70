import { describe, expect, it } from 'vitest';
import { planTriggers } from './plan-triggers.js';
import type { ObservedTrigger, UsageTrigger } from './usage-trigger.js';

const owner = 'Troncal communities';
const daily: UsageTrigger = { name: `${owner}/daily`, category: 'totalprice', by: 'price', value: 50, recurring: 'daily', callbackUrl: 'https://x.example/twilio/usage?trigger=daily' };
const there: ObservedTrigger = { ...daily, sid: 'UT1', callbackMethod: 'POST', current: 0, firedAt: null };
const steps = (all: readonly UsageTrigger[], observed: readonly ObservedTrigger[]): unknown => planTriggers({ owner, all }, observed).map(({ key, action, after }) => [action.do, key, ...after]);

describe('the plan of usage triggers', () => {
  it.each<readonly [string, readonly UsageTrigger[], readonly ObservedTrigger[], readonly unknown[]]>([
    ['nothing where all is as declared', [daily], [there], []],
    ['one that is missing', [daily], [], [['create-trigger', 'trigger:daily']]],
    ['a new one in the place of one that watches something else, which goes afterwards', [{ ...daily, value: 80 }], [there], [['create-trigger', 'trigger:daily'], ['remove-trigger', 'trigger:daily/UT1', 'trigger:daily']]],
    ['where one calls', [daily], [{ ...there, callbackUrl: 'https://old.example/' }], [['change-trigger', 'trigger:daily']]],
    ['how one calls', [daily], [{ ...there, callbackMethod: 'GET' }], [['change-trigger', 'trigger:daily']]],
    ['the end of one that was made twice', [daily], [there, { ...there, sid: 'UT2' }], [['remove-trigger', 'trigger:daily/UT2']]],
    ['the end of one that nobody declares any more', [], [there], [['remove-trigger', 'trigger:daily/UT1']]],
    ['nothing of what is somebody else’s', [daily], [there, { ...there, sid: 'UT3', name: 'Troncal other/daily' }, { ...there, sid: 'UT4', name: '' }], []],
  ])('has %s', (_, all, observed, expected) => {
    expect(steps(all, observed)).toEqual(expected);
  });
});
