import { ManualClock, TransientError } from '@troncal/kernel';
import { createLogger } from '@troncal/observability';
import { describe, expect, it } from 'vitest';
import { KnownRents } from './known-rents.js';
import { countriesOf, monthlyCost } from './monthly-cost.js';
import type { CountryRents, RentSource } from './rent-source.js';

const rents = (perMonth: Readonly<Record<string, number>>, currency = 'USD'): CountryRents => ({ currency, perMonthMicros: new Map(Object.entries(perMonth)) });
const chile = rents({ 'local': 7_000_000, 'toll free': 25_500_000 });
const nothing = { now: [], added: [], taken: [] };
const silent = createLogger({ service: 'spec', level: 'silent' });

describe('what numbers cost a month', () => {
  it('is told by the kind of each, as it is and as a plan changes it', () => {
    const numbers = { now: ['+56229145248', '+56223456789'], added: ['+56800123456'], taken: ['+56229145248'] };
    expect([...countriesOf(numbers)]).toEqual(['CL']);
    expect(monthlyCost(numbers, new Map([['CL', chile]]))).toEqual({ now: 14, change: 18.5, unknown: [] });
  });

  it('is of cents, without what sums of fractions leave behind', () => {
    const usa = rents({ local: 1_150_000 });
    expect(monthlyCost({ ...nothing, now: ['+15035560001', '+15035560002', '+15035560003'] }, new Map([['US', usa]]))).toMatchObject({ now: 3.45 });
  });

  it.each<readonly [string, readonly string[], ReadonlyMap<string, CountryRents>, readonly string[]]>([
    ['of a country without prices', ['+56229145248', '+56223456789'], new Map(), ['2 local numbers of CL']],
    ['of a kind without a price', ['+442071234567'], new Map([['GB', rents({ mobile: 1_000_000 })]]), ['1 local number of GB']],
    ['in another currency', ['+56229145248'], new Map([['CL', rents({ local: 7_000_000 }, 'EUR')]]), ['1 local number of CL']],
    ['of which the plan of its country does not tell', ['+56912345678'], new Map([['CL', chile]]), ['+56912345678']],
  ])('names numbers %s', (_, now, known, unknown) => {
    expect(monthlyCost({ ...nothing, now, added: now }, known)).toEqual({ now: 0, change: 0, unknown });
  });
});

describe('the prices of numbers', () => {
  class Counting implements RentSource {
    readonly asked: string[] = [];
    constructor(private readonly answer: () => Promise<CountryRents>) {}
    rentsIn(country: string): Promise<CountryRents> {
      this.asked.push(country);
      return this.answer();
    }
  }

  it('are asked for once a day and country, also when two ask at once', async () => {
    const [clock, source] = [new ManualClock(), new Counting(() => Promise.resolve(chile))];
    const known = new KnownRents(source, clock, silent);
    await Promise.all([known.of(['CL', 'CL']), known.of(['CL'])]);
    expect(await known.of(['CL'])).toEqual({ rents: new Map([['CL', chile]]), reads: 0 });
    expect(source.asked).toEqual(['CL']);
    clock.advance(24 * 3_600_000);
    expect(await known.of(['CL'])).toMatchObject({ reads: 1 });
    expect(source.asked).toEqual(['CL', 'CL']);
  });

  it.each<readonly [string, () => Promise<CountryRents>]>([
    ['refused', () => Promise.reject(new TransientError('twilio_away', 'No route to Twilio.'))],
    ['late', () => new Promise(() => {})],
  ])('that are %s are left out, and asked for again', async (_, answer) => {
    const source = new Counting(answer);
    const known = new KnownRents(source, new ManualClock(), silent, 20);
    expect(await known.of(['CL'])).toEqual({ rents: new Map(), reads: 1 });
    expect(await known.of(['CL'])).toEqual({ rents: new Map(), reads: 1 });
  });
});
