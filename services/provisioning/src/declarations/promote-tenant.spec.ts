import { EnvironmentPromotedV1, type DeclaredTenantView, type PlanView } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtTwilio, NUMBER, OFFICE } from '../../test/support/at-twilio.js';

const main = OFFICE.routes?.['main'];
const inDev = { ...OFFICE, numbers: ['+56223456789'].map((e164) => ({ have: 'buy', e164 })), routes: { main: { ...main, name: 'New menu' } } };

describe('environments', () => {
  let at: AtTwilio;
  beforeAll(async () => {
    at = await AtTwilio.start();
    await at.environment('dev', 'communities-dev.sip.twilio.com', { naming: { list: 'dev_{CODE}' } });
    await at.apply([OFFICE]);
    await at.apply([inDev], 'dev');
  });
  afterAll(() => at.stop());

  const shown = (environment: string): Promise<DeclaredTenantView> => at.under.api.expect<DeclaredTenantView>('GET', at.path('tenants/oficina_principal', environment));

  it('have numbers, phones and lists of their own', async () => {
    expect(await shown('dev')).toMatchObject({ numbers: [{ e164: '+56223456789' }], users: [{ username: '+56223456789-office', list: 'dev_OFICINA_PRINCIPAL', domain: 'communities-dev.sip.twilio.com' }, {}] });
    expect(await shown('prod')).toMatchObject({ numbers: [{ e164: NUMBER }], users: [{ username: `${NUMBER}-office`, list: 'OFICINA_PRINCIPAL_Credentials' }, {}] });
  });

  it('are promoted by their routes alone: shown first, never the credentials', async () => {
    const before = await shown('prod');
    const promotion = { to: 'prod', tenant: 'oficina_principal' };
    expect(await at.under.api.expect<PlanView>('POST', at.path('promote', 'dev'), promotion)).toMatchObject({ environment: 'prod', steps: [] });
    expect((await shown('prod')).declaration.routes['main']?.name).toBe('Main');
    expect(await at.run('POST', 'promote', { ...promotion, apply: true }, 'dev')).toMatchObject({ kind: 'promote', state: 'whole' });
    const after = await shown('prod');
    expect(after.declaration.routes['main']?.name).toBe('New menu');
    expect({ users: after.users, numbers: after.numbers }).toEqual({ users: before.users, numbers: before.numbers });
    await at.under.seen(EnvironmentPromotedV1, ({ data }) => data.from === 'dev' && data.to === 'prod' && data.revision === after.revision);
    // The Asterisk rail has the primary environment's routes.
    expect(await at.under.api.expect('GET', '/api/tenants/oficina_principal/routes/main')).toMatchObject({ route: { name: 'New menu' } });
  });

  it('hand a number over, which then calls the other one', async () => {
    expect(await at.run('POST', 'numbers/+56223456789/move', { to: 'prod' }, 'dev')).toMatchObject({ environment: 'prod', state: 'whole' });
    expect((await shown('dev')).numbers).toEqual([]);
    expect((await shown('prod')).numbers.map(({ e164, state }) => [e164, state])).toEqual([['+56223456789', 'provisioned'], [NUMBER, 'provisioned']]);
    expect(at.twilio.world.main.numbers.having('phone_number', '+56223456789')?.attributes['voice_url']).toBe('https://prod.example.com/twilio/voice/number');
  });

  it('keep their SIP domain, and go only when they are empty', async () => {
    expect(await at.under.api.send('PUT', '/api/environments/dev', { domain: 'other.sip.twilio.com', publicUrl: 'https://dev.example.com' })).toMatchObject({ status: 409, body: { code: 'domain_is_fixed' } });
    expect(await at.under.api.send('PUT', '/api/environments/third', { domain: 'communities-dev.sip.twilio.com', publicUrl: 'https://dev.example.com' })).toMatchObject({ status: 409, body: { code: 'domain_in_use' } });
    expect(await at.under.api.send('DELETE', '/api/environments/dev')).toMatchObject({ status: 409, body: { code: 'environment_not_empty' } });
    await at.run('DELETE', 'tenants/oficina_principal', undefined, 'dev');
    expect((await at.under.api.send('DELETE', '/api/environments/dev')).status).toBe(204);
    // Declared in the other one, it lives on.
    expect((await at.under.api.send('GET', '/api/tenants/oficina_principal')).status).toBe(200);
  });
});
