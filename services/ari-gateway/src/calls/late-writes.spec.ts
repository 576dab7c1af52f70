import { newCallId, TransientError } from '@troncal/kernel';
import { Metrics, Telemetry } from '@troncal/observability';
import { Inbox, Outbox, type Database } from '@troncal/persistence';
import { eventually, sharedPostgres } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGatewayDatabase, silent, type GatewayDatabase } from '../../test/support/gateway-database.js';
import { CallSensors } from '../sensors/call-sensors.js';
import { CallEventsPublisher } from './call-events.publisher.js';
import { CallRefusals } from './call-refusals.js';
import { LateWrites } from './late-writes.js';

let database: GatewayDatabase;
beforeAll(async () => {
  database = await openGatewayDatabase(await sharedPostgres());
});
afterAll(() => database.db.close());

const away = (): TransientError => new TransientError('database_away', 'The answer to the commit was lost.');

/** The database, but the answer to the first commit never comes. */
function losingOneAnswer(db: Database): Pick<Database, 'transaction'> {
  let lost = false;
  return {
    transaction: async (work, options) => {
      const done = await db.transaction(work, options);
      if (lost) return done;
      lost = true;
      throw away();
    },
  };
}

it('take place once, also when the answer to a commit was lost', async () => {
  const late = new LateWrites(losingOneAnswer(database.db), new Inbox(database.db), silent);
  const sensors = new CallSensors(new Telemetry(new Metrics('ari-gateway')));
  const refusals = new CallRefusals(new CallEventsPublisher(new Outbox('ari-gateway')), database.calls, late, sensors);
  const callId = newCallId();
  refusals.tellSoon('demo', { callId, from: '201', to: '999', direction: 'inbound', reason: 'unknown_number', cause: 1, detail: 'nobody has it' });
  await eventually('nothing waits', () => late.depth === 0);
  expect((await database.calls.timeline(callId)).map((entry) => entry.type)).toEqual(['CallRefused.v1']);
});

it('are dropped from the oldest on when too many wait, and none but those', async () => {
  const gate = Promise.withResolvers<void>();
  const db: Pick<Database, 'transaction'> = { transaction: (work, options) => gate.promise.then(() => database.db.transaction(work, options)) };
  const late = new LateWrites(db, new Inbox(database.db), silent, 2);
  const done: string[] = [];
  for (const name of ['first', 'second', 'third']) {
    late.add(name, async () => {
      done.push(name);
    });
  }
  gate.resolve();
  await eventually('nothing waits', () => late.depth === 0);
  // The first was under way already when it was dropped.
  expect(done).toEqual(['first', 'second', 'third']);
});
