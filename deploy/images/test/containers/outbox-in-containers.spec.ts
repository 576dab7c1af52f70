import { TicketOpenedV1, natsPermissions, natsServerConfig } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { Database, ensureServiceDatabase, migrate, Outbox, OutboxRelay, outboxBacklog } from '@troncal/persistence';
import { eventually, freePort } from '@troncal/testing';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMAGES, postgresContainer, SUPERUSER_PASSWORD } from './container-lab.js';

const FACTS = 300;
const logger = createLogger({ service: 'testing', level: 'silent' });
const roles = { schema: 'ticketing', ownerRole: 'ticketing_owner', ownerPassword: 'owner', appRole: 'ticketing_app', appPassword: 'app' };

describe('the outbox over the images of PostgreSQL and NATS', () => {
  let postgres: StartedTestContainer;
  let nats: StartedTestContainer;
  let db: Database;
  let bus: Bus;
  let streams: StreamProvisioner;
  let relay: OutboxRelay;

  beforeAll(async () => {
    const [databasePort, natsPort] = [await freePort(), await freePort()];
    const users = [{ user: 'ticketing', password: 'none', permissions: natsPermissions().ticketing }];
    const config = natsServerConfig({ host: '0.0.0.0', port: 4222, storeDir: '/tmp/store', maxFileStore: 2 ** 31, users });
    [postgres, nats] = await Promise.all([
      postgresContainer(databasePort).withWaitStrategy(Wait.forHealthCheck()).start(),
      new GenericContainer(IMAGES.nats)
        .withCopyContentToContainer([{ content: config, target: '/etc/nats.conf', mode: 0o444 }])
        .withCommand(['-c', '/etc/nats.conf'])
        .withExposedPorts({ container: 4222, host: natsPort })
        .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
        .start(),
    ]);
    const admin = `postgres://postgres:${SUPERUSER_PASSWORD}@127.0.0.1:${databasePort}/postgres`;
    await ensureServiceDatabase(admin, roles);
    const url = (role: string, password: string): string => `postgres://${role}:${password}@127.0.0.1:${databasePort}/postgres`;
    await migrate({ ownerUrl: url(roles.ownerRole, 'owner'), schema: roles.schema, appRole: roles.appRole, sets: [], logger });
    db = new Database({ url: url(roles.appRole, 'app'), schema: roles.schema, logger, applicationName: 'testing', connectTimeoutMs: 1_000 });
    bus = new Bus({ url: `nats://127.0.0.1:${natsPort}`, user: 'ticketing', password: 'none', logger });
    streams = new StreamProvisioner(bus, 'ticketing', DEFAULT_LIMITS, logger);
    streams.start();
    bus.start();
    await eventually('the streams are there', () => streams.health().state === 'ready', 30_000);
    relay = new OutboxRelay(db, new JetStreamPublisher(bus, { ackTimeoutMs: 2_000 }), { logger, pollMs: 200 });
    relay.start();
  });
  afterAll(async () => {
    await relay?.stop();
    await streams?.stop();
    await bus?.close();
    await db?.close();
    await Promise.all([postgres?.stop(), nats?.stop()]);
  });

  it('carries each fact once while both are restarted', async () => {
    const outbox = new Outbox('ticketing', () => relay.wake());
    let stated = 0;
    const state = async (): Promise<void> => {
      for (; stated < FACTS; stated++) {
        const subject = newId();
        // One that broke off may have been committed all the same; its repetition is then a second fact, and both are counted.
        await eventually('a fact is stated', () => db.transaction((tx) => outbox.emit(tx, TicketOpenedV1, { tenant: 'acme', subject, data: TicketOpenedV1.example as never })).then(() => true), 60_000);
      }
    };
    const stating = state();
    await eventually('some are stated', () => stated > FACTS / 4);
    await nats.restart({ timeout: 5_000 });
    await eventually('more are stated', () => stated > FACTS / 2, 60_000);
    await postgres.restart({ timeout: 10_000 });
    await stating;
    await eventually('all are sent', async () => (await outboxBacklog(db)).waiting === 0, 60_000);
    const rows = await db.query<{ facts: string }>('SELECT count(*) AS facts FROM outbox');
    const info = await (await bus.jetStreamManager()).streams.info('EVT_TICKETS');
    expect(info.state.messages).toBe(Number(rows[0]?.facts));
    expect(info.state.messages).toBeGreaterThanOrEqual(FACTS);
  }, 240_000);
});
