import { readNumber } from '@troncal/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, decide, isEmergencyNumber, spokenFor, type BudgetFacts, type DialDecision, type DialFacts } from './index.js';

const budget: BudgetFacts = {
  currency: 'USD',
  caps: { dayMicros: 1_000_000, monthMicros: 10_000_000, minutesPerDay: 300, callsPerMinute: 5, concurrentCalls: 2 },
  used: { dayMicros: 0, monthMicros: 0, dayMinutes: 0, callsLastMinute: 0, concurrentCalls: 0 },
  rate: { perMinuteMicros: 10_000, source: 'prefix', prefix: '+56' },
  longestCallS: 3_600,
};
/** As Twilio's rail states it: one metered trunk to the countries of the tenant's policy. */
const factsFor = (country: string, countries: readonly string[], more: Partial<DialFacts> = {}): DialFacts => ({
  tenant: { country, suspended: false },
  trunks: [{ name: 'twilio', countries, needsCallerId: true, metered: true, emergencyCountries: ['US', 'CA', 'GB', 'DE'] }],
  numbers: ['+56229145248'],
  policy: { tollFree: true, denyPrefixes: ['+5698888'] },
  budget,
  ...more,
});
const chile = (to: string, more: Partial<DialFacts> = {}, from?: string): DialDecision => decide({ tenant: 'demo', to, ...(from === undefined ? {} : { from }) }, factsFor('CL', ['CL', 'US', 'GB'], more));

describe('a number outside, by its class', () => {
  it.each([
    ['premium of Chile', '+56 700 123 4567', 'premium_denied'],
    ['premium of Chile, as dialled at home', '700 123 4567', 'premium_denied'],
    ['shared cost of Chile', '600 123 4567', 'shared_cost_denied'],
    ['mass calling of Chile', '+56 809 123 456', 'shared_cost_denied'],
    ['900 of North America', '+1 900 555 1234', 'premium_denied'],
    ['976 of any area there', '+1 212 976 1234', 'premium_denied'],
    ['personal, United Kingdom', '+44 70 1234 5678', 'personal_number_denied'],
    ['pager, United Kingdom', '+44 76 1123 4567', 'number_type_denied'],
    ['premium, United Kingdom', '+44 909 879 0000', 'premium_denied'],
    ['UAN, United Kingdom', '+44 55 1234 5678', 'number_type_denied'],
    ['personal, North America', '+1 500 555 0006', 'personal_number_denied'],
    ['carriers’ own, North America', '+1 700 555 1234', 'number_type_denied'],
    ['premium of a country that isn’t allowed', '+371 9012 3456', 'premium_denied'],
    ['international premium', '+979 1 2345 6789', 'premium_denied'],
    ['Inmarsat', '+870 773 123 456', 'satellite_denied'],
    ['Iridium', '+881 6 2345 6789', 'satellite_denied'],
    ['international network', '+882 16 123 456', 'international_network_denied'],
    ['international network', '+883 5100 12345', 'international_network_denied'],
    ['a range that the policy refuses', '+56 9 8888 1234', 'prefix_denied'],
    ['no number of the plan', '+56 1 1234 5678', 'invalid_number'],
  ])('refuses %s: %s', (_, to, reason) => {
    expect(chile(to)).toMatchObject({ allowed: false, reason });
  });

  it('lets toll-free numbers of an allowed country through, unless the policy refuses them', () => {
    expect(chile('800 123 456')).toMatchObject({ allowed: true, destination: { number: '+56800123456' } });
    expect(chile('800 123 456', { policy: { tollFree: false, denyPrefixes: [] } })).toMatchObject({ allowed: false, reason: 'toll_free_denied' });
  });

  it.each([
    ['Dominican Republic', '+1 809 555 1234', 'US'],
    ['Dominican Republic', '+1 829 555 1234', 'US'],
    ['Dominican Republic', '+1 849 555 1234', 'US'],
    ['Jamaica', '+1 876 555 1234', 'US'],
    ['Grenada', '+1 473 403 1234', 'US'],
    ['Puerto Rico', '+1 787 555 1234', 'US'],
    ['Canada', '+1 416 555 1234', 'US'],
    ['Jersey', '+44 1534 123456', 'GB'],
    ['Guernsey’s mobiles', '+44 7781 123456', 'GB'],
    ['Isle of Man’s mobiles', '+44 7624 123456', 'GB'],
  ])('tells a look-alike of %s from what is allowed: %s', (_, to, like) => {
    expect(chile(to)).toMatchObject({ allowed: false, reason: 'lookalike_country', detail: expect.stringContaining(`like a number of ${like}`) as string });
  });

  it('tells it from a national number too', () => {
    const fromUs = (to: string): DialDecision => decide({ tenant: 'demo', to }, factsFor('US', ['US']));
    expect(fromUs('809 555 1234')).toMatchObject({ allowed: false, reason: 'lookalike_country' });
    expect(fromUs('1 473 403 1234')).toMatchObject({ allowed: false, reason: 'lookalike_country' });
    expect(fromUs('212 555 2368')).toMatchObject({ allowed: true, destination: { number: '+12125552368' } });
    expect(decide({ tenant: 'demo', to: '+7 701 234 5678' }, factsFor('RU', ['RU']))).toMatchObject({ allowed: false, reason: 'lookalike_country' });
  });

  it('needs the country itself, whatever else is allowed', () => {
    expect(chile('+51 987 654 321')).toMatchObject({ allowed: false, reason: 'country_not_allowed' });
    expect(decide({ tenant: 'demo', to: '+56223456789' }, factsFor('CL', []))).toMatchObject({ allowed: false, reason: 'country_not_allowed' });
  });
});

describe('a number written to deceive', () => {
  it.each([
    ['letters', '+1 800 FLOWERS'],
    ['full-width digits', '＋５６２２３４５６７８９'],
    ['Arabic digits', '٠٠٥٦٢٢٣٤٥٦٧٨٩'],
    ['mixed digits', '+5622345678９'],
    ['a phone-context', '223456789;phone-context=+1'],
    ['URI parameters', '+56223456789;user=phone'],
    ['headers of a URI', '+56223456789?X-Tenant=other'],
    ['a host', '+56223456789@evil.example'],
    ['a SIP URI', 'sip:+56223456789@evil.example'],
    ['markup', '+56223456789</Number><Number>+19005551234'],
    ['two numbers', '+56223456789,+19005551234'],
    ['pauses', '+56223456789wp123'],
    ['a plus inside', '00+56223456789'],
    ['a no-break space', '+56\u00a0223456789'],
    ['a line break', '+56223456789\n'],
    ['a right-to-left mark', '\u202e+56223456789'],
    ['a soft hyphen', '+562\u00ad23456789'],
    ['zero after the plus', '+0056223456789'],
    ['011 after the plus', '+01156223456789'],
    ['an extension', '+56223456789 ext 12'],
    ['nothing', ''],
    ['only marks', '-- . ()'],
    ['percent signs', '%2B56223456789'],
    ['too much of it', `+${'5'.repeat(400)}`],
  ])('is refused: %s', (_, to) => {
    const decision = chile(to);
    expect(decision).toMatchObject({ allowed: false, reason: 'invalid_number' });
    // What could be anything isn't repeated, and no full number is.
    expect(decision).toHaveProperty('detail', expect.not.stringMatching(/evil|phone-context|\d{9}/));
  });

  it('is refused unread when it is too long to be any', () => {
    expect(chile('5'.repeat(41))).toHaveProperty('detail', expect.stringContaining('longer than 40') as string);
  });

  it('is dialled as it was judged, whatever prefixes stood before it', () => {
    for (const to of ['0056223456789', '00 56 2 2345 6789', '56223456789', '2 2345 6789', ' +56 (2) 2345-6789']) expect(chile(to)).toMatchObject({ allowed: true, destination: { number: '+56223456789' } });
    expect(decide({ tenant: 'demo', to: '011 56 2 2345 6789' }, factsFor('US', ['US', 'CL']))).toMatchObject({ destination: { number: '+56223456789' } });
    expect(decide({ tenant: 'demo', to: '011 1 809 555 1234' }, factsFor('US', ['US']))).toMatchObject({ allowed: false });
    expect(decide({ tenant: 'demo', to: '0 15 21 2345 6789' }, factsFor('BR', ['CL']))).toMatchObject({ allowed: false });
  });

  const digits = fc.stringMatching(/^\+?[0-9]{1,16}$/);
  const dressed = fc.tuple(digits, fc.string({ unit: 'grapheme', maxLength: 6 }), fc.nat(16)).map(([number, junk, at]) => number.slice(0, at) + junk + number.slice(at));
  const prefixed = fc.tuple(fc.constantFrom('00', '011', '0', '1', '188', '171', '+', '+00', '0015', '1230'), fc.constantFrom('19005551234', '18095551234', '881612345678', '447012345678', '567001234567', '56223456789')).map((parts) => parts.join(''));
  const isHelp = (number: string, to: string, country: string): boolean => isEmergencyNumber(to, country) && /^\d{2,4}$/.test(number);
  const isHarmless = (number: string, countries: readonly string[]): boolean => {
    const again = readNumber(number);
    return again?.country !== undefined && again.e164 === number && countries.includes(again.country) && ['geographic', 'mobile', 'voip', 'toll_free'].includes(classOf(again));
  };
  const anything = fc.oneof(fc.string({ unit: 'binary' }), digits, dressed, prefixed);

  it('never gets out: what is allowed is an assigned number of a callable class in an allowed country, in digits', () => {
    const countries = ['CL', 'US', 'GB'];
    const outcome = fc.check(
      fc.property(anything, fc.constantFrom('CL', 'US', 'GB', 'BR', 'MX'), (to, country) => {
        const decision = decide({ tenant: 'demo', to }, factsFor(country, countries));
        return !decision.allowed || (decision.destination.kind === 'emergency' ? isHelp(decision.destination.number, to, country) : decision.destination.kind === 'trunk' && isHarmless(decision.destination.number, countries));
      }),
      { numRuns: 5_000 },
    );
    expect(outcome.counterexample).toBeNull();
  });

  it('never blocks an emergency number, nor takes anything else for one', () => {
    for (const to of ['133', '1-3-3', '+56133', '+56 133', '133;phone-context=+56', '131', '132', '112', '911']) expect(chile(to)).toMatchObject({ allowed: true, reason: 'emergency' });
    for (const to of ['1330', '0133', '１３３', '133@evil.example', 'sip:133', '133,19005551234', '+1133', '133&134']) expect(chile(to)).not.toMatchObject({ reason: 'emergency' });
  });
});

describe('an emergency call', () => {
  const line = { host: 'pbx.example.cl', transport: 'tls' } as const;
  it('goes by a trunk that carries it in that country', () => {
    expect(decide({ tenant: 'demo', to: '911' }, factsFor('US', []))).toMatchObject({ destination: { kind: 'emergency', number: '911', trunk: 'twilio' } });
    expect(decide({ tenant: 'demo', to: '911' }, factsFor('GB', []))).toMatchObject({ destination: { number: '999', trunk: 'twilio' } });
  });

  it('goes by the tenant’s own line where none does, and by nothing where there is none: not for a suspended tenant, nor for one whose money is gone', () => {
    const broke = { budget: { ...budget, caps: { ...budget.caps, dayMicros: 0, concurrentCalls: 0 } } };
    expect(chile('133', { emergencyLine: line, ...broke })).toMatchObject({ destination: { kind: 'emergency', number: '133', line } });
    expect(chile('112', { emergencyLine: line, tenant: { country: 'CL', suspended: true } })).toMatchObject({ destination: { number: '133', line } });
    const unreachable = chile('133');
    expect(unreachable).toMatchObject({ allowed: true, reason: 'emergency', destination: { kind: 'emergency', number: '133' } });
    expect(unreachable).not.toHaveProperty('destination.trunk');
    expect(unreachable).not.toHaveProperty('destination.line');
  });
});

describe('what a tenant may spend', () => {
  const money = (more: Partial<BudgetFacts>): DialDecision => chile('+56223456789', { budget: { ...budget, ...more } });
  const used = (more: Partial<BudgetFacts['used']>): DialDecision => money({ used: { ...budget.used, ...more } });

  it('ends the call when it is gone, and keeps the whole of it meanwhile', () => {
    expect(used({})).toMatchObject({ allowed: true, destination: { limit: { timeLimitS: 3_600, reserveMinutes: 61, reserveMicros: 610_000 } } });
    expect(used({ dayMicros: 400_000 })).toMatchObject({ destination: { limit: { timeLimitS: 3_595, reserveMinutes: 60, reserveMicros: 600_000 } } });
    expect(used({ dayMicros: 985_000 })).toMatchObject({ destination: { limit: { timeLimitS: 55, reserveMinutes: 1, reserveMicros: 10_000 } } });
    expect(used({ monthMicros: 9_970_000 })).toMatchObject({ destination: { limit: { reserveMinutes: 3 } } });
    expect(used({ dayMinutes: 298 })).toMatchObject({ destination: { limit: { timeLimitS: 115, reserveMinutes: 2 } } });
  });

  it.each([
    ['the day’s money', used({ dayMicros: 990_001 }), 'spend_cap', 'day_spend'],
    ['the month’s money', used({ monthMicros: 10_000_000 }), 'spend_cap', 'month_spend'],
    ['the day’s minutes', used({ dayMinutes: 300 }), 'minutes_cap', 'day_minutes'],
    ['a burst', used({ callsLastMinute: 5 }), 'burst_cap', 'calls_per_minute'],
    ['calls at the same time', used({ concurrentCalls: 2 }), 'concurrency_cap', 'concurrent_calls'],
    ['a cap of nothing, though the call costs nothing', money({ caps: { ...budget.caps, dayMicros: 0 }, rate: { perMinuteMicros: 0, source: 'prefix', prefix: '+56' } }), 'spend_cap', 'day_spend'],
  ] as const)('refuses what is beyond it: %s', (_, decision, reason, cap) => {
    expect(decision).toMatchObject({ allowed: false, reason, cap: { name: cap } });
  });

  it('refuses a call whose price nobody knows, and any while the budget isn’t known', () => {
    const { rate: _, ...priceless } = budget;
    expect(chile('+56223456789', { budget: priceless })).toMatchObject({ allowed: false, reason: 'no_rate' });
    const { budget: _none, ...without } = factsFor('CL', ['CL']);
    expect(decide({ tenant: 'demo', to: '+56223456789' }, without)).toMatchObject({ allowed: false, reason: 'budget_unknown', number: '+56223456789' });
  });

  it('never keeps more than is left, nor less than the longest call can cost', () => {
    const amount = fc.nat(5_000_000);
    fc.assert(
      fc.property(amount, amount, fc.integer({ min: 0, max: 300_000 }), fc.nat(400), fc.integer({ min: 60, max: 14_400 }), (dayMicros, monthMicros, perMinuteMicros, dayMinutes, longestCallS) => {
        const decision = money({ used: { ...budget.used, dayMicros, monthMicros, dayMinutes }, rate: { perMinuteMicros, source: 'prefix', prefix: '+' }, longestCallS });
        if (!decision.allowed) return;
        if (decision.destination.kind !== 'trunk' || !decision.destination.limit) throw new Error('no limit');
        const { timeLimitS, reserveMinutes, reserveMicros } = decision.destination.limit;
        expect(dayMicros + reserveMicros).toBeLessThanOrEqual(1_000_000);
        expect(monthMicros + reserveMicros).toBeLessThanOrEqual(10_000_000);
        expect(dayMinutes + reserveMinutes).toBeLessThanOrEqual(300);
        // A second late still falls into the last minute that is paid.
        expect(Math.ceil((timeLimitS + 1) / 60) * perMinuteMicros).toBeLessThanOrEqual(reserveMicros);
        expect(timeLimitS).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('who is shown as caller', () => {
  it('must be a number of the tenant’s, and there must be one', () => {
    expect(chile('+56223456789', {}, '+56229145248')).toMatchObject({ destination: { callerId: '+56229145248' } });
    expect(chile('+56223456789', {}, '+56229999999')).toMatchObject({ allowed: false, reason: 'caller_id_not_owned' });
    expect(chile('+56223456789', { numbers: [] })).toMatchObject({ allowed: false, reason: 'no_caller_id' });
  });
});

describe('what isn’t outside', () => {
  it('is reached without a carrier and without money', () => {
    const { budget: _, ...noMoney } = factsFor('CL', []);
    expect(decide({ tenant: 'demo', to: '0' }, { ...noMoney, route: { code: 'front', role: 'operator' } })).toMatchObject({ allowed: true, reason: 'internal', destination: { kind: 'route', route: 'front', role: 'operator' } });
    const ourNumber = { e164: '+56223456789', environment: 'prod', tenant: 'other', route: 'main' };
    expect(decide({ tenant: 'demo', to: '2 2345 6789' }, { ...noMoney, ourNumber })).toMatchObject({ allowed: true, destination: { kind: 'our-number', number: '+56223456789' } });
    expect(decide({ tenant: 'demo', to: '2 2345 6780' }, { ...noMoney, ourNumber })).toMatchObject({ allowed: false });
  });
});

describe('every refusal', () => {
  it('is said in both languages, and has a remedy', () => {
    for (const reason of ['premium_denied', 'spend_cap', 'emergency_unreachable', 'budget_unknown'] as const) {
      const { es, en } = spokenFor(reason).say;
      expect(es).toMatch(/\.$/);
      expect(en).toMatch(/\.$/);
      expect(es).not.toBe(en);
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+[0-9]{7,15}$/)), (to) => {
        const decision = chile(to);
        if (decision.allowed) return;
        expect(decision.remedy).toMatch(/\.$/);
        expect(decision.detail).not.toMatch(/\d{9}/);
      }),
    );
  });

  it('is repeatable from its inputs', () => {
    const decision = chile('+1 809 555 1234');
    expect(decide(decision.inputs.request, decision.inputs.facts)).toEqual(decision);
  });
});
