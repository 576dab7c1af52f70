import { envelopeSchema } from '@troncal/contracts';
import { eventually, openStack, TenantFixture, type Stack } from '@troncal/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RunningTroncal } from './run-troncal.js';

describe('troncal events', () => {
  let stack: Stack;
  const running: RunningTroncal[] = [];
  const troncal = (...argv: readonly string[]): RunningTroncal => {
    const one = new RunningTroncal(...argv);
    running.push(one);
    return one;
  };
  beforeAll(async () => (stack = await openStack()));
  afterEach(() => running.splice(0).forEach((one) => one.kill()));

  it('tells in plain words what is declared, and ends with 0 on Ctrl-C', async () => {
    const events = troncal('events');
    await eventually('the tail', () => events.err.includes('Listening'), 20_000);
    const tenant = await TenantFixture.create(stack.api, 'cli');
    await tenant.endpoint('210', ['people']);
    await tenant.remove();
    await eventually('the end of the tenant', () => events.out.includes(`${tenant.code} the tenant ${tenant.code} is gone`), 20_000);
    const lines = events.out.split('\n').filter((line) => line.includes(` ${tenant.code} `));
    expect(lines[0]).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d ${tenant.code} the tenant Suite ${tenant.code} \\(CL\\) exists from now on$`));
    expect(lines[1]).toContain('extension 210 (Phone 210) is declared, in people');
    events.interrupt();
    expect(await events.ended).toBe(0);
  });

  it('prints the events as they are, of one tenant only, also those of before', async () => {
    const [tenant, other] = await Promise.all([TenantFixture.create(stack.api, 'cli'), TenantFixture.create(stack.api, 'cli')]);
    const events = troncal('events', '--json', '--tenant', tenant.code, '--since', '10m', '--domain', 'tenants');
    await eventually('the tenant’s event', () => events.out.includes('TenantCreated.v1'), 20_000);
    await Promise.all([tenant.remove(), other.remove()]);
    await eventually('its end', () => events.out.includes('TenantDeleted.v1'), 20_000);
    events.interrupt();
    expect(await events.ended).toBe(0);
    const told = events.out.trim().split('\n').map((line) => envelopeSchema.parse(JSON.parse(line)));
    expect(new Set(told.map((event) => event.tenantid))).toEqual(new Set([tenant.code]));
    expect(told.map((event) => event.type)).toEqual(['TenantCreated.v1', 'TenantDeleted.v1']);
  });

  it('ends with 3 when the bus is away', async () => {
    const env = { ...process.env };
    process.env['TRONCAL_NATS_URL'] = 'nats://127.0.0.1:9';
    process.env['TRONCAL_NATS_PASSWORD_FILE'] = (await stack.state()).http.apiKeyFile;
    const events = troncal('events');
    process.env = env;
    expect(await events.ended).toBe(3);
    expect(events.err).toContain('the bus at nats://127.0.0.1:9 can’t be read');
  });
});
