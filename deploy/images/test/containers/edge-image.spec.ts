import { EDGE_READER, edgeDatabaseSql } from '@troncal/asterisk';
import { createLogger } from '@troncal/observability';
import { Database, ensureServiceDatabase, migrate } from '@troncal/persistence';
import { SipPhone } from '@troncal/sip-phone';
import { EdgeRows, eventually, freePort, type TestDatabase } from '@troncal/testing';
import { GenericContainer, Network, Wait, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES, postgresContainer, secretFile, SUPERUSER_PASSWORD } from './container-lab.js';

const READER_PASSWORD = 'reader-of-tests';
const TONE_HZ = 900;
const logger = createLogger({ service: 'testing', level: 'silent' });

/** What the set-up programs and ari-gateway make: its tables and the views that Asterisk reads. */
async function edgeDatabase(port: number): Promise<TestDatabase> {
  const admin = (database: string): string => `postgres://postgres:${SUPERUSER_PASSWORD}@127.0.0.1:${port}/${database}`;
  const withAdmin = async (database: string, statements: readonly string[]): Promise<void> => {
    const open = new Database({ url: admin(database), schema: 'public', logger, applicationName: 'testing', poolSize: 1, connectTimeoutMs: 5_000 });
    try {
      for (const statement of statements) await open.run(statement);
    } finally {
      await open.close();
    }
  };
  await withAdmin('postgres', ['CREATE DATABASE troncal']);
  const roles = { schema: 'ari_gateway', ownerRole: 'ari_gateway_owner', ownerPassword: 'owner', appRole: 'ari_gateway_app', appPassword: 'app' };
  await ensureServiceDatabase(admin('troncal'), roles);
  await withAdmin('troncal', edgeDatabaseSql({ database: 'troncal', ownerRole: roles.ownerRole, readerPassword: READER_PASSWORD }));
  const url = (role: string, password: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/troncal`;
  const database = { schema: roles.schema, ownerUrl: url(roles.ownerRole, 'owner'), appUrl: url(roles.appRole, 'app'), appRole: roles.appRole, adminUrl: admin('troncal') };
  const folder = new URL('../../../../services/ari-gateway/migrations/', import.meta.url).pathname;
  await migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [{ set: 'ari-gateway', folder }], logger });
  return database;
}

describe('the image edge, with nothing but a database', () => {
  let network: StartedNetwork;
  let postgres: StartedTestContainer;
  let edge: StartedTestContainer;
  let rows: EdgeRows;
  let phone: SipPhone;

  beforeAll(async () => {
    network = await new Network().start();
    const port = await freePort();
    postgres = await postgresContainer(port).withNetwork(network).withNetworkAliases('postgres').withWaitStrategy(Wait.forHealthCheck()).start();
    rows = new EdgeRows(await edgeDatabase(port));
    await rows.tenant('acme');
    await rows.endpoint('acme', '201', 'password-of-201');
    edge = await new GenericContainer(IMAGES.edge)
      .withNetwork(network)
      .withEnvironment({ EDGE_ID: 'edge-1', MEDIA_URL: 'ws://nobody:9092/media', DRAIN_SECONDS: '20' })
      .withCopyContentToContainer([secretFile('ari-password', 'ari'), secretFile('ami-password', 'ami'), secretFile('asterisk-reader-password', READER_PASSWORD)])
      .withWaitStrategy(Wait.forHealthCheck())
      .start();
    // By the container's own address: nothing is published, nothing translated.
    const host = edge.getIpAddress(network.getName());
    phone = await SipPhone.open({ bindAddress: '0.0.0.0', user: 'acme_201', password: 'password-of-201', registrar: { host, port: 5060 } });
  });
  afterAll(async () => {
    await phone?.close();
    await rows?.close();
    await edge?.stop().catch(() => {});
    await postgres?.stop();
    await network?.stop();
  });

  it('registers a phone that the database knows, and no other', async () => {
    expect(EDGE_READER).toBe('asterisk_reader');
    await eventually('the phone registers', async () => (await phone.register()).expiresS > 0, 20_000);
    const stranger = await SipPhone.open({ bindAddress: '0.0.0.0', user: 'acme_201', password: 'wrong', registrar: { host: edge.getIpAddress(network.getName()), port: 5060 } });
    await expect(stranger.register()).rejects.toThrow(/401|403/);
    await stranger.close();
  });

  it('echoes a tone on *43, whole and without a gateway', async () => {
    const call = await phone.call('*43');
    await call.answered({ timeoutMs: 10_000 });
    const since = performance.now();
    const playing = call.playTone(TONE_HZ, 3_000);
    expect((await call.heard.waitForTone(TONE_HZ, { sinceMs: since, timeoutMs: 10_000 })).atMs).toBeGreaterThan(since);
    call.stopPlaying();
    await playing;
    await call.hangup();
  });

  it('ends by itself when it is stopped and no call is left', async () => {
    const began = performance.now();
    await edge.stop({ timeout: 30_000 });
    // Sooner than DRAIN_SECONDS: it waited for nothing.
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
