import { capsViewSchema, spendViewSchema } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const caps = capsViewSchema.parse({
  tenant: 'demo', environment: 'prod', declared: false, revision: 0, currency: 'USD', dayMicros: 10_000_000, monthMicros: null, minutesPerDay: 600, callsPerMinute: 10, concurrentCalls: 5,
});
const spend = spendViewSchema.parse({
  tenant: 'demo', environment: 'prod', currency: 'USD', day: '2026-11-30', timeZone: 'America/Santiago',
  dayMicros: { limit: 10_000_000, used: 17_500, reserved: 610_000, left: 9_372_500 },
  monthMicros: { limit: null, used: 4_017_500, reserved: 610_000, left: null },
  dayMinutes: { limit: 600, used: 2, reserved: 61, left: 537 },
  callsPerMinute: { limit: 10, used: 1, reserved: 0, left: 9 },
  concurrentCalls: { limit: 5, used: 1, reserved: 0, left: 4 },
});

describe('verbs about money', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/tenants/demo/caps': { body: caps },
      'PUT /api/tenants/demo/caps': (asked) => ({ body: { ...caps, ...(asked.body as object), declared: true, revision: 1 } }),
      'GET /api/tenants/demo/spend': { body: spend },
    });
  });
  afterAll(() => api.close());

  it('show what a tenant may spend', async () => {
    const { code, out } = await api.troncal('caps', 'show', 'demo', '--environment', 'prod');
    expect(code).toBe(EXIT.ok);
    expect(api.asked.at(-1)?.url).toBe('/api/tenants/demo/caps?environment=prod');
    expect(out).toMatch(/a day +10\.00 USD\n/);
    expect(out).toMatch(/a month +no cap\n/);
    expect(out).toMatch(/set by +the platform’s defaults\n/);
  });

  it('change what is named, and leave the rest', async () => {
    const { code, out } = await api.troncal('caps', 'set', 'demo', '--env', 'prod', '--day', '2.5', '--month', '100', '--concurrent', 'none', '--burst', '0');
    expect(code).toBe(EXIT.ok);
    expect(api.asked.at(-1)).toMatchObject({
      method: 'PUT', url: '/api/tenants/demo/caps?environment=prod',
      body: { currency: 'USD', dayMicros: 2_500_000, monthMicros: 100_000_000, minutesPerDay: 600, callsPerMinute: 0, concurrentCalls: null },
    });
    expect(out).toMatch(/a day +2\.50 USD\n/);
  });

  it.each([
    [['--day', '12,50']],
    [['--day', '-1']],
    [['--day', '1e9']],
    [['--day', '0.0000001']],
    [['--minutes', '1.5']],
    [['--burst', 'many']],
    [[]],
  ])('set nothing for %j', async (options) => {
    const before = api.asked.length;
    expect((await api.troncal('caps', 'set', 'demo', '--environment', 'prod', ...options)).code).toBe(EXIT.usage);
    expect((await api.troncal('caps', 'set', 'demo', '--day', '1')).code).toBe(EXIT.usage);
    expect(api.asked).toHaveLength(before);
  });

  it('show what was spent, what is kept and what is left', async () => {
    const { code, out } = await api.troncal('spend', 'demo', '--environment', 'prod');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/spent on 2026-11-30 +0\.0175 USD +0\.61 USD +10\.00 USD +9\.3725 USD\n/);
    expect(out).toMatch(/spent this month +4\.0175 USD +0\.61 USD +none +any\n/);
    expect(out).toMatch(/calls now +1 +0 +5 +4\n/);
  });
});
