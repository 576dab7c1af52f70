import { QueueLeftV1 } from '@troncal/contracts';
import { newCallId } from '@troncal/kernel';
import type { HealthReport } from '@troncal/observability';
import { eventually, EventSource, startNats, startPostgres, type NatsServer } from '@troncal/testing';
import { describe, expect, it, type TestContext } from 'vitest';
import { gates, startNotes, type NotesService } from '../../test/notes-service.js';

/** A bus of a test's own, until it is over: these wait far more than they work, so they run beside each other. */
async function busOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>): Promise<NatsServer> {
  const nats = await startNats();
  onTestFinished(() => nats.stop());
  return nats;
}

/** A service that is closed when the test is over. */
async function notesOf({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, nats: NatsServer, options?: Parameters<typeof startNotes>[1]): Promise<NotesService> {
  const notes = await startNotes(nats.login('ticketing'), options);
  onTestFinished(() => notes.close());
  return notes;
}

const report = async (service: NotesService): Promise<HealthReport> => (await (await fetch(`${service.service.url}/health/ready`)).json()) as HealthReport;
const missing = async (service: NotesService): Promise<string[]> => (await report(service)).checks.filter((check) => check.state !== 'ready').map((check) => check.name);
const left = async (nats: NatsServer): Promise<string> => {
  const gateway = await EventSource.open(nats, 'ari-gateway');
  const call = newCallId();
  await gateway.publish(QueueLeftV1, { tenant: 'demo', subject: call, data: QueueLeftV1.schema.parse(QueueLeftV1.example) as Parameters<typeof QueueLeftV1.encode>[0] });
  await gateway.close();
  return call;
};
const texts = async (service: NotesService): Promise<string[]> => ((await (await service.ask('/api/notes')).json()) as { text: string }[]).map((note) => note.text);

// Five at once have the machine that one had.
describe.concurrent('a service', { timeout: 90_000 }, () => {
  it('starts while NATS is not there, says so, serves what it can, and recovers by itself', async (test) => {
    const nats = await busOf(test);
    await nats.kill();
    const started = await notesOf(test, nats);
    await eventually('only the bus is missing', async () => (await missing(started)).toSorted().join() === 'bus,consumers,streams');
    expect((await fetch(`${started.service.url}/health/live`)).status).toBe(200);
    expect((await started.ask('/api/notes', { method: 'POST', body: '{"text":"meanwhile"}' })).status).toBe(201);
    await nats.restart();
    await eventually('it is ready', started.ready, 20_000);
    const call = await left(nats);
    await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`));
    expect(await missing(started)).toEqual([]);
  });

  it('starts while PostgreSQL is not there, answers 503 meanwhile, and recovers by itself', async (test) => {
    const nats = await busOf(test);
    const server = await startPostgres();
    test.onTestFinished(() => server.stop());
    const database = await server.createDatabase('ticketing');
    await server.kill();
    const started = await notesOf(test, nats, { database });
      await eventually('the database is missing', async () => (await missing(started)).includes('database'));
    const refused = await started.ask('/api/notes');
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'starting' });
    expect((await started.ask('/hooks/open', { method: 'POST' })).status).toBe(201);
    await server.restart();
    await eventually('it is ready', started.ready, 20_000);
    expect(await texts(started)).toEqual([]);

    await server.kill();
    await eventually('it notices', async () => (await missing(started)).includes('database'));
    expect(await (await started.ask('/api/notes')).json()).toMatchObject({ code: 'database_away' });
    const call = await left(nats);
    await server.restart();
    await eventually('it is ready again', started.ready, 20_000);
    await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`), 20_000);
  });

  it('stays up when NATS is killed, and consumes again when it is back', async (test) => {
    const nats = await busOf(test);
    const started = await notesOf(test, nats);
    await eventually('it is ready', started.ready, 20_000);
    await nats.kill();
    await eventually('it notices', async () => (await missing(started)).includes('bus'));
    await nats.restart();
    await eventually('it is ready again', started.ready, 20_000);
    const call = await left(nats);
    await eventually('the event takes effect', async () => (await texts(started)).includes(`left ${call}`), 20_000);
    expect((await texts(started)).filter((text) => text === `left ${call}`)).toHaveLength(1);
  });

  it('ends the requests at hand when it closes', async (test) => {
    const nats = await busOf(test);
    const started = await notesOf(test, nats);
    await eventually('it is ready', started.ready, 20_000);
    const open = Promise.withResolvers<void>();
    gates.set('at hand', open.promise);
    const asked = started.ask('/api/notes', { method: 'POST', body: '{"text":"at hand"}' });
    await eventually('it is in work', async () => (await texts(started)).includes('at hand'));
    const closing = started.close();
    open.resolve();
    expect((await asked).status).toBe(201);
    await closing;
    await expect(fetch(`${started.service.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('closes while neither PostgreSQL nor NATS is there', async (test) => {
    const nats = await busOf(test);
    const server = await startPostgres();
    test.onTestFinished(() => server.stop());
    const database = await server.createDatabase('ticketing');
    const started = await notesOf(test, nats, { database });
    await eventually('it is ready', started.ready, 20_000);
    await Promise.all([server.kill(), nats.kill()]);
    await eventually('it notices', async () => (await missing(started)).includes('bus'));
    await started.close();
    await expect(fetch(`${started.service.url}/health/live`)).rejects.toThrow('fetch failed');
  });

  it('names every wrong setting at once and does not start', async (test) => {
    const nats = await busOf(test);
    const start = startNotes(nats.login('ticketing'), { env: { HTTP_PORT: 'http', NATS_URL: 'localhost', LOG_LEVEL: 'loud' } });
    await expect(start).rejects.toMatchObject({ code: 'bad_config', faults: [{ where: 'NATS_URL' }, { where: 'HTTP_PORT' }, { where: 'LOG_LEVEL' }] });
  });

  it('does not start without its keys', async (test) => {
    const nats = await busOf(test);
    const start = startNotes(nats.login('ticketing'), { env: { API_KEYS_FILE: '/nowhere/keys.json' } });
    await expect(start).rejects.toMatchObject({ code: 'bad_api_keys' });
  });
});

describe.concurrent('two services in one process', () => {
  it('share nothing', async (test) => {
    const nats = await busOf(test);
    const first = await notesOf(test, nats, { env: { GREETING: 'one' } });
    const second = await notesOf(test, nats, { env: { GREETING: 'two' } });
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
