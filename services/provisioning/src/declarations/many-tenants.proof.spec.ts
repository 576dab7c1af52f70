import { eventually } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, OFFICE } from '../../test/support/at-twilio.js';

const community = (index: number, extensions = 2) => ({
  ...OFFICE, tenant: `c${index}`, name: `Community ${index}`, placement: 'pooled', numbers: [],
  endpoints: Array.from({ length: extensions }, (_, phone) => ({ extension: String(201 + phone), role: 'office', username: `c${index}-${phone}` })),
});

describe('many tenants', () => {
  let at: AtTwilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
  });
  afterAll(() => at.stop());

  it('are planned from one request, however large, in pools that are full to the last place', async () => {
    const declarations = Array.from({ length: 1_001 }, (_, index) => community(index));
    const padded = declarations.map((each) => ({ ...each, routes: { main: { ...each.routes?.['main'], nodes: { ...each.routes?.['main']?.nodes, bye: { kind: 'hangup', prompt: { say: { es: 'adiós '.repeat(100) } } } } } } }));
    expect(JSON.stringify({ declarations: padded }).length).toBeGreaterThan(1_048_576);
    const { steps } = await at.plan(padded);
    expect(steps.filter(({ key }) => key.startsWith('list:')).map(({ key }) => key)).toEqual(['list:PROD_Pool_1', 'list:PROD_Pool_2', 'list:PROD_Pool_3']);
    expect(steps.filter(({ key }) => key.startsWith('user:'))).toHaveLength(2_002);
  }, 60_000);

  it('are made, and a tenant of a pool that is full gets its next phone in another one', async () => {
    const all = Array.from({ length: 20 }, (_, index) => community(index, 50));
    const { run } = await at.under.api.expect<{ run: string }>('POST', at.path('apply'), { declarations: all });
    await eventually('all are made', async () => (await at.under.api.expect<{ state: string }>('GET', `/api/runs/${run}`)).state === 'whole', 60_000);
    expect(await at.apply([community(7, 51)])).toMatchObject({ state: 'whole' });
    expect(at.twilio.world.main.lists.all().map(({ sid }) => at.twilio.world.main.credentialsOf(sid).all().length).toSorted((one, other) => one - other)).toEqual([1, 1_000]);
    expect((await at.plan([community(7, 51)])).steps).toEqual([]);
  }, 120_000);

  it('leave in one run, or none of them when one is unknown', async () => {
    const codes = Array.from({ length: 20 }, (_, index) => `c${index}`);
    expect(await at.under.api.send('DELETE', at.path('tenants'), { tenants: [...codes, 'nobody'] })).toMatchObject({ status: 404, body: { code: 'tenant_not_declared', detail: expect.stringContaining('nobody') as string } });
    expect((await at.under.api.expect<{ tenants: unknown[] }>('GET', at.path('tenants'))).tenants).toHaveLength(20);
    expect(await at.run('DELETE', 'tenants', { tenants: codes })).toMatchObject({ state: 'whole', kind: 'delete' });
    expect(await at.under.api.expect('GET', at.path('tenants'))).toEqual({ tenants: [] });
    expect(at.twilio.world.main.lists.size).toBe(0);
    expect(await at.under.api.send('GET', '/api/tenants/c7')).toMatchObject({ status: 404 });
  }, 60_000);
});
