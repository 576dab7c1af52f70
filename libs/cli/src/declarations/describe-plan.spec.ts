import type { PlanView } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { describePlan } from './describe-plan.js';

const step = { key: 'number:+56229145248', tenant: 'plaza', says: 'buys +56229145248 and leads its calls here', calls: 1 };
const plan: PlanView = { environment: 'prod', steps: [step], waiting: [], reads: 7, cost: { now: 0, change: 0, unknown: [] }, warnings: [], subaccounts: [] };
const head = (part: Partial<PlanView>): string | undefined => describePlan({ ...plan, ...part }).split('\n')[0];

describe('a plan for people', () => {
  it.each<readonly [PlanView['cost'], string]>([
    [{ now: 0, change: 0, unknown: [] }, ''],
    [{ now: 14, change: 7, unknown: [] }, ', +US$7.00 a month, US$14.00 a month now'],
    [{ now: 14, change: -1.15, unknown: [] }, ', -US$1.15 a month, US$14.00 a month now'],
    [{ now: 0, change: 0, unknown: ['2 local numbers of CL', '+881612345678'] }, ', the price of 2 local numbers of CL, +881612345678 is not known'],
  ])('tells that a month costs %o', (cost, said) => {
    expect(head({ cost })).toBe(`prod: 1 changes, 1 requests after 7 reads${said}`);
    expect(head({ cost, steps: [] })).toBe(`prod is as declared (7 reads)${said}`);
  });

  it('tells each step, what is waited for, and what to mind', () => {
    const waiting = [{ tenant: '_', what: 'dialing permissions', why: 'They could not be read.', who: 'You.' }];
    expect(describePlan({ ...plan, waiting, warnings: ['The account is a trial.'] }).split('\n').slice(1)).toEqual([
      '  + plaza: buys +56229145248 and leads its calls here',
      '  waiting: dialing permissions: They could not be read. You.',
      '  mind: The account is a trial.',
      '',
    ]);
  });

  it('says what a subaccount means for its tenant', () => {
    const subaccounts = [{ tenant: 'plaza', name: 'prod-plaza', sid: null, domain: 'x-plaza.sip.twilio.com', state: 'wanted' as const }];
    expect(describePlan({ ...plan, subaccounts })).toMatch(/account: plaza is alone in the Twilio subaccount prod-plaza \(to be opened\): its phones register at x-plaza\.sip\.twilio\.com/);
  });
});
