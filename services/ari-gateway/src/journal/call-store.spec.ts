import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startPostgres, type PostgresServer } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CallBench } from '../../test/support/call-bench.js';
import { openGatewayDatabase, silent, type GatewayDatabase } from '../../test/support/gateway-database.js';
import { CallActor } from '../calls/call-actor.js';
import { CallSensors } from '../sensors/call-sensors.js';
import { newCallId, newId, newLegId } from '@troncal/kernel';
import { Metrics, Telemetry } from '@troncal/observability';
import { Journal } from '@troncal/persistence';
import { CallStore } from './call-store.js';

const QUEUE = { a: { kind: 'queue' as const, queue: 'people', onTimeout: 'bye' }, bye: { kind: 'hangup' as const } };
let postgres: PostgresServer;
let database: GatewayDatabase;
let folder: string;

beforeAll(async () => {
  postgres = await startPostgres();
  database = await openGatewayDatabase(postgres);
  folder = mkdtempSync(join(tmpdir(), 'troncal-store-'));
});
afterAll(async () => {
  await database.db.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function actorOn(store: CallStore): CallActor {
  const { call } = new CallBench(QUEUE);
  return new CallActor(
    { ...call, callId: newCallId() },
    { store, epoch: 0, act: () => {}, stepped: () => {}, logger: silent, context: () => ({ now: Date.now(), newLegId, newId, dialTarget: () => undefined, home: () => ({ country: 'CL', timeZone: 'America/Santiago' }) }), sensors: new CallSensors(new Telemetry(new Metrics('ari-gateway'))) },
  );
}

const timeline = async (actor: CallActor): Promise<string[]> => (await database.calls.timeline(actor.call.callId)).map((entry) => entry.type);

it('serves calls through an outage of the database, and everything is there once afterwards', async () => {
  const store = new CallStore(database.calls, new Journal(join(folder, 'calls.journal'), silent), silent);
  await store.open();
  const old = actorOn(store);
  await old.ask({ kind: 'begin' });

  await postgres.kill();
  await old.ask({ kind: 'digit', channelId: 'caller', digit: '5' });
  const born = actorOn(store);
  await born.ask({ kind: 'begin' });
  expect(store.away).toBe(true);
  expect(born.call).toMatchObject({ state: 'answered', version: 1 });

  await postgres.restart();
  // Steps go on while the journal is being drained: none may overtake another.
  await eventually('the journal is drained', async () => {
    await old.ask({ kind: 'digit', channelId: 'caller', digit: '7' });
    return !store.away;
  }, 30_000);
  await old.ask({ kind: 'hangup', by: 'api', cause: 16 });
  await born.ask({ kind: 'leg_gone', channelId: 'caller', cause: 16 });

  const told = await timeline(old);
  expect([told[0], told.at(-1)]).toEqual(['CallStarted.v1', 'CallEnded.v1']);
  expect(told.filter((type) => type === 'DtmfReceived.v1')).toHaveLength(old.call.version - 2);
  expect(await timeline(born)).toEqual(['CallStarted.v1', 'CallAnswered.v1', 'CallQueued.v1', 'QueueLeft.v1', 'CallEnded.v1']);
  await store.close();
});

it('drains what a process before it has left, before it takes anything else', async () => {
  const own = mkdtempSync(join(tmpdir(), 'troncal-store-'));
  const { call } = new CallBench(QUEUE);
  const journal = new Journal(join(own, 'calls.journal'), silent);
  await journal.open();
  await journal.append({ call: { ...call, version: 1 }, facts: [], at: Date.now(), epoch: 0 }, () => true);
  await journal.close();
  const store = new CallStore(database.calls, new Journal(join(own, 'calls.journal'), silent), silent);
  await store.open();
  expect(store.away).toBe(false);
  expect(await database.calls.find(call.callId)).toMatchObject({ version: 1 });
  await store.close();
  rmSync(own, { recursive: true, force: true });
});
