import { createHash, randomBytes } from 'node:crypto';
import { EdgeTrunksChangedV1, EdgeTrunksV1, EndpointDigestV1, SnapshotV1, type EndpointView, type TenantSnapshot } from '@troncal/contracts';
import { Bus, CommandClient } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from './index.js';

const logger = createLogger({ service: 'spec', level: 'silent' });
const oldKey = randomBytes(32).toString('hex');
const newKey = randomBytes(32).toString('hex');
const route = { name: 'Main', start: 'bye', nodes: { bye: { kind: 'hangup', prompt: { say: { en: 'Bye', es: 'Adiós' } } } } };

describe('what provisioning tells other services', () => {
  let under: ServiceUnderTest;
  let bus: Bus;
  let commands: CommandClient;
  let db: Database;
  beforeAll(async () => {
    under = await startUnderTest('provisioning', startService, { env: { CREDENTIALS_KEY: oldKey, SIP_REALM: 'pbx.example' } });
    bus = new Bus({ ...under.nats.login('ari-gateway'), logger });
    bus.start();
    await bus.connection();
    commands = new CommandClient(bus);
    db = new Database({ url: under.database.appUrl, schema: under.database.schema, logger, applicationName: 'spec' });
  });
  afterAll(async () => {
    await db.close();
    await bus.close();
    await under.stop();
  });

  const create = async (code: string): Promise<void> => {
    await under.api.expect('POST', '/api/tenants', { code, name: code, country: 'CL', timeZone: 'America/Santiago' });
  };
  const digest = (password: string | undefined): string => createHash('md5').update(`alpha_201:pbx.example:${password}`).digest('hex');

  it('tells the digest of an endpoint’s password, and of its next one', async () => {
    await create('alpha');
    const made = await under.api.expect<EndpointView>('PUT', '/api/tenants/alpha/endpoints/201', { displayName: 'Office' });
    const ask = { tenant: 'alpha', extension: '201' };
    expect(await commands.ask(EndpointDigestV1, ask)).toEqual({ sipUser: 'alpha_201', realm: 'pbx.example', ha1: digest(made.password), credentialRevision: 1 });
    const rotated = await under.api.expect<EndpointView>('POST', '/api/tenants/alpha/endpoints/201/rotate');
    expect(await commands.ask(EndpointDigestV1, ask)).toEqual({ sipUser: 'alpha_201', realm: 'pbx.example', ha1: digest(rotated.password), credentialRevision: 2 });
    await expect(commands.ask(EndpointDigestV1, { ...ask, extension: '299' })).rejects.toMatchObject({ code: 'unknown_endpoint', status: 404, retryable: false });
    await expect(commands.ask(EndpointDigestV1, { ...ask, tenant: 'nobody' })).rejects.toMatchObject({ code: 'unknown_endpoint' });
  });

  it('keeps no password where it could be read', async () => {
    const made = await under.api.send<EndpointView>('PUT', '/api/tenants/alpha/endpoints/202', { displayName: 'Office' }, { 'idempotency-key': 'once' });
    const rotated = await under.api.send<EndpointView>('POST', '/api/tenants/alpha/endpoints/202/rotate', undefined, { 'idempotency-key': 'twice' });
    const tables = await db.query<{ name: string }>('SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1', [under.database.schema]);
    expect(tables.map((table) => table.name)).toEqual(expect.arrayContaining(['endpoints', 'outbox', 'idempotency_key']));
    for (const { name } of tables) {
      const rows = JSON.stringify(await db.query(`SELECT t::text AS row FROM ${name} t`));
      for (const secret of [made.body.password, rotated.body.password]) {
        expect(secret).toHaveLength(24);
        expect(rows).not.toContain(secret);
        expect(rows).not.toContain(Buffer.from(secret ?? '').toString('hex'));
      }
    }
  });

  it('seals every password anew after the key was changed, and then needs the old one no longer', async () => {
    const before = await commands.ask(EndpointDigestV1, { tenant: 'alpha', extension: '201' });
    await under.restart({ CREDENTIALS_KEY: `${newKey}\n${oldKey}` });
    const sealedWith = async (): Promise<string[]> => (await db.query<{ key_id: string }>('SELECT DISTINCT key_id FROM endpoints')).map((row) => row.key_id);
    await expect.poll(sealedWith, { timeout: 10_000 }).toEqual([createHash('sha256').update(Buffer.from(newKey, 'hex')).digest('hex').slice(0, 12)]);
    await under.restart({ CREDENTIALS_KEY: newKey });
    expect(await commands.ask(EndpointDigestV1, { tenant: 'alpha', extension: '201' })).toEqual(before);
    await under.restart({ CREDENTIALS_KEY: oldKey });
    await expect(commands.ask(EndpointDigestV1, { tenant: 'alpha', extension: '201' })).rejects.toMatchObject({ code: 'credential_key_missing', message: expect.stringContaining('/rotate') as string });
    await under.restart({ CREDENTIALS_KEY: newKey });
  });

  it('tells whole tenants a page at a time, in order', async () => {
    for (const code of ['gamma', 'beta']) await create(code);
    await under.api.expect('PUT', '/api/tenants/beta/routes/main', route);
    await under.api.expect('PUT', '/api/tenants/beta/numbers/+56225550133', { route: 'main' });
    await under.api.expect('PATCH', '/api/tenants/gamma', { suspended: { reason: 'unpaid' } });
    const first = await commands.ask(SnapshotV1, { limit: 2 });
    expect(first.next).toBe('beta');
    expect(first.tenants.map((one) => one.tenant)).toEqual(['alpha', 'beta']);
    expect(first.tenants[0]?.endpoints).toEqual([
      { extension: '201', sipUser: 'alpha_201', displayName: 'Office', role: 'office', queues: [], enabled: true, revision: 1, credentialRevision: 2 },
      { extension: '202', sipUser: 'alpha_202', displayName: 'Office', role: 'office', queues: [], enabled: true, revision: 1, credentialRevision: 2 },
    ]);
    expect(first.tenants[1]).toMatchObject({ numbers: [{ number: '+56225550133', route: 'main', revision: 1 }], routes: [{ code: 'main', revision: 1, route }], suspended: false });
    // The order of the languages is kept: a prompt falls back to the first one.
    expect(JSON.stringify(first.tenants[1]?.routes)).toContain('{"en":"Bye","es":"Adiós"}');
    const second = await commands.ask(SnapshotV1, { limit: 2, after: 'beta' });
    expect(second).toEqual({ tenants: [expect.objectContaining({ tenant: 'gamma', suspended: true, revision: 2 })] });
  });

  it('keeps a page below what a message may hold', async () => {
    const say = 'x'.repeat(2_000);
    const nodes = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`n${index}`, { kind: 'announce', prompt: { say: { es: say, en: say } }, next: index === 59 ? 'bye' : `n${index + 1}` }]));
    const long = { name: 'Long', start: 'n0', nodes: { ...nodes, bye: { kind: 'hangup' } } };
    for (const code of ['huge-1', 'huge-2', 'huge-3', 'huge-4']) {
      await create(code);
      await under.api.expect('PUT', `/api/tenants/${code}/routes/long`, long);
    }
    const seen: TenantSnapshot[] = [];
    let pages = 0;
    for (let after: string | undefined = 'gamma'; after !== undefined; pages += 1) {
      const page: { tenants: TenantSnapshot[]; next?: string | undefined } = await commands.ask(SnapshotV1, { after, limit: 50 });
      seen.push(...page.tenants);
      after = page.next;
    }
    expect(seen.map((one) => one.tenant)).toEqual(['huge-1', 'huge-2', 'huge-3', 'huge-4']);
    expect(pages).toBe(2);
  });

  it('tells as whom Twilio’s rail calls our Asterisk, by digests alone, until there is no way there', async () => {
    const environment = { domain: 'trunks.sip.twilio.com', publicUrl: 'https://prod.example.com' };
    const told = async () => (await commands.ask(EdgeTrunksV1, {})).trunks;
    const put = (edge: object) => under.api.send('PUT', '/api/environments/prod', { ...environment, ...edge });
    expect(await put({ edge: { host: 'SIP.example.com' } })).toMatchObject({ status: 422, body: { errors: [{ path: '/edge/host' }] } });
    expect(await put({ edge: { host: 'sip.example.com' } })).toMatchObject({ status: 201, body: { edge: { host: 'sip.example.com', transport: 'tls' } } });
    const [first] = await told();
    expect(first).toMatchObject({ environment: 'prod', sipUser: 'rail.prod', realm: 'pbx.example', ha1: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    // Another address is no reason for another password.
    await put({ edge: { host: 'other.example.com', transport: 'tcp' } });
    expect(await told()).toEqual([first]);
    expect(await under.api.send('PUT', '/api/environments/dev', { ...environment, domain: 'dev.sip.twilio.com', edge: { host: 'sip.example.com' } })).toMatchObject({ status: 409, body: { code: 'edge_needs_primary' } });
    expect(await under.api.send('POST', '/api/environments/prod/edge/rotate')).toEqual(expect.objectContaining({ status: 200, body: { environment: 'prod', credentialRevision: 2 } }));
    const [second] = await told();
    expect(second?.ha1).not.toBe(first?.ha1);
    await put({});
    expect(await told()).toEqual([]);
    expect(await under.api.send('POST', '/api/environments/prod/edge/rotate')).toMatchObject({ status: 409, body: { code: 'no_edge' } });
    for (const credentialRevision of [1, 2, null]) await under.seen(EdgeTrunksChangedV1, ({ data }) => data.environment === 'prod' && data.credentialRevision === credentialRevision);
    for (const trunk of [first, second]) expect(JSON.stringify(under.events)).not.toContain(trunk?.ha1);
  });
});
