import { eventually, sharedPostgres } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGatewayDatabase, silent, type GatewayDatabase } from '../../test/support/gateway-database.js';
import { ReplicaSignals } from './replica-signals.js';

let database: GatewayDatabase;
beforeAll(async () => {
  database = await openGatewayDatabase(await sharedPostgres());
});
afterAll(() => database.db.close());

it('reach the other replicas and not their sender, whatever else is said there', async () => {
  const [here, there] = ['here', 'there'].map((name) => new ReplicaSignals(database.db, name, silent)) as [ReplicaSignals, ReplicaSignals];
  const heard: unknown[] = [];
  here.on('trunks', (facts) => heard.push(['here', facts]));
  there.on('trunks', (facts) => heard.push(['there', facts]));
  here.start();
  there.start();
  // Each topic is told once without facts when the connection is there.
  await eventually('both listen', () => heard.length === 2);
  await database.db.run("SELECT pg_notify('ari_gateway_replicas', 'no JSON at all')");
  here.tell('trunks', { name: 'carrier' });
  here.tell('trunks');
  await eventually('both are heard', () => heard.length === 4);
  expect(heard.slice(2)).toEqual([['there', { name: 'carrier' }], ['there', undefined]]);
  await Promise.all([here.stop(), there.stop()]);
});

it('stop although their connection is just being opened', async () => {
  const opening = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const slow = { run: database.db.run.bind(database.db), session: async () => {
    opening.resolve();
    await go.promise;
    return database.db.session();
  } };
  const signals = new ReplicaSignals(slow, 'slow', silent);
  signals.start();
  await opening.promise;
  const stopped = signals.stop();
  go.resolve();
  await stopped;
  const listening = async (): Promise<number> => (await database.db.query("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")).length;
  await eventually('nobody listens any more', async () => (await listening()) === 0);
  expect(await listening()).toBe(0);
});

it('asks a listener that failed to look for itself until it has', async () => {
  const [here, there] = ['here', 'there'].map((name) => new ReplicaSignals(database.db, name, silent)) as [ReplicaSignals, ReplicaSignals];
  const heard: unknown[] = [];
  let failures = 0;
  there.on('trunks', async (facts) => {
    heard.push(facts);
    if (heard.length > 1 && (failures += 1) < 3) throw new Error('the database is away');
  });
  there.start();
  await eventually('it listens', () => heard.length === 1);
  here.tell('trunks', { name: 'carrier' });
  await eventually('it was asked again twice', () => heard.length === 4);
  expect(heard).toEqual([undefined, { name: 'carrier' }, undefined, undefined]);
  await Promise.all([here.stop(), there.stop()]);
});
