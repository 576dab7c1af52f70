import { QueueLeftV1 } from '@troncal/contracts';
import { newCallId } from '@troncal/kernel';
import type { HealthReport } from '@troncal/observability';
import { eventually, EventSource, startNats, startPostgres, type NatsServer } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gate, startNotes, type NotesService } from '../../test/notes-service.js';

let nats: NatsServer;
let notes: NotesService | undefined;
beforeEach(async () => {
  nats = await startNats();
});
afterEach(async () => {
  gate.current = Promise.resolve();
  await notes?.close();
  notes = undefined;
  await nats.stop();
});

const report = async (service: NotesService): Promise<HealthReport> => (await (await fetch(`${service.service.url}/health/ready`)).json()) as HealthReport;
const missing = async (service: NotesService): Promise<string[]> => (await report(service)).checks.filter((check) => check.state !== 'ready').map((check) => check.name);
const left = async (): Promise<string> => {
  const gateway = await EventSource.open(nats, 'ari-gateway');
  const call = newCallId();
  await gateway.publish(QueueLeftV1, { tenant: 'demo', subject: call, data: QueueLeftV1.schema.parse(QueueLeftV1.example) as Parameters<typeof QueueLeftV1.encode>[0] });
  await gateway.close();
  return call;
};
const texts = async (service: NotesService): Promise<string[]> => ((await (await service.ask('/api/notes')).json()) as { text: string }[]).map((note) => note.text);

describe('a service', () => {
  it('starts while NATS is not there, says so, serves what it can, and recovers by itself', async () => {
    await nats.kill();
    const started = await startNotes(nats.login('ticketing'));
    notes = started;
    await eventually('only the bus is missing', async () => (await missing(started)).toSorted().join() === 'bus,consumers,streams');
    expect((await fetch(`${started.service.url}/health/live`)).status).toBe(200);
    expect((await started.ask('/api/notes', { method: 'POST', body: '{"text":"meanwhile"}' })).status).toBe(201);
    await nats.restart();
    await eventually('it is ready', started.ready, 20_000);
    const call = await left();
    await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`));
    expect(await missing(started)).toEqual([]);
  });

  it('starts while PostgreSQL is not there, answers 503 meanwhile, and recovers by itself', async () => {
    const server = await startPostgres();
    try {
      const database = await server.createDatabase('ticketing');
      await server.kill();
      const started = await startNotes(nats.login('ticketing'), { database });
      notes = started;
      await eventually('the database is missing', async () => (await missing(started)).includes('database'));
      const refused = await started.ask('/api/notes');
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ code: 'starting' });
      await server.restart();
      await eventually('it is ready', started.ready, 20_000);
      expect(await texts(started)).toEqual([]);

      await server.kill();
      await eventually('it notices', async () => (await missing(started)).includes('database'));
      expect(await (await started.ask('/api/notes')).json()).toMatchObject({ code: 'database_away' });
      const call = await left();
      await server.restart();
      await eventually('it is ready again', started.ready, 20_000);
      await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`), 20_000);
      await started.close();
      notes = undefined;
    } finally {
      await server.stop();
    }
  });

  it('stays up when NATS is killed, and consumes again when it is back', async () => {
    const started = await startNotes(nats.login('ticketing'));
    notes = started;
    await eventually('it is ready', started.ready, 20_000);
    await nats.kill();
    await eventually('it notices', async () => (await missing(started)).includes('bus'));
    await nats.restart();
    await eventually('it is ready again', started.ready, 20_000);
    const call = await left();
    await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`), 20_000);
    expect((await texts(started)).filter((text) => text === `left ${call}`)).toHaveLength(1);
  });

  it('ends the requests at hand when it closes', async () => {
    const started = await startNotes(nats.login('ticketing'));
    notes = started;
    await eventually('it is ready', started.ready, 20_000);
    const open = Promise.withResolvers<void>();
    gate.current = open.promise;
    const asked = started.ask('/api/notes', { method: 'POST', body: '{"text":"at hand"}' });
    await eventually('it is in work', async () => (await texts(started)).includes('at hand'));
    const closing = started.close();
    notes = undefined;
    open.resolve();
    expect((await asked).status).toBe(201);
    await closing;
    await expect(fetch(`${started.service.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('closes while neither PostgreSQL nor NATS is there', async () => {
    const server = await startPostgres();
    const database = await server.createDatabase('ticketing');
    const started = await startNotes(nats.login('ticketing'), { database });
    await eventually('it is ready', started.ready, 20_000);
    await Promise.all([server.kill(), nats.kill()]);
    await eventually('it notices', async () => (await missing(started)).includes('bus'));
    await started.close();
    await expect(fetch(`${started.service.url}/health/live`)).rejects.toThrow('fetch failed');
    await server.stop();
  });

  it('names every wrong setting at once and does not start', async () => {
    const start = startNotes(nats.login('ticketing'), { env: { HTTP_PORT: 'http', NATS_URL: 'localhost', LOG_LEVEL: 'loud' } });
    await expect(start).rejects.toMatchObject({ code: 'bad_config', faults: [{ where: 'NATS_URL' }, { where: 'HTTP_PORT' }, { where: 'LOG_LEVEL' }] });
  });

  it('does not start without its keys', async () => {
    const start = startNotes(nats.login('ticketing'), { env: { API_KEYS_FILE: '/nowhere/keys.json' } });
    await expect(start).rejects.toMatchObject({ code: 'bad_api_keys' });
  });
});

describe('two services in one process', () => {
  it('share nothing', async () => {
    const first = await startNotes(nats.login('ticketing'), { env: { GREETING: 'one' } });
    const second = await startNotes(nats.login('ticketing'), { env: { GREETING: 'two' } });
    notes = first;
    await eventually('both are ready', async () => (await first.ready()) && (await second.ready()), 20_000);
    const greeting = async (service: NotesService): Promise<unknown> => (await service.ask('/api/notes/greeting')).json();
    expect(await Promise.all([greeting(first), greeting(second)])).toEqual([{ greeting: 'one' }, { greeting: 'two' }]);
    await first.ask('/api/notes', { method: 'POST', body: '{"text":"mine"}' });
    expect(await texts(second)).toEqual([]);
    expect(await (await second.ask('/metrics')).text()).not.toContain('status="201"');
    await second.close();
    expect(await first.ready()).toBe(true);
  });
});
