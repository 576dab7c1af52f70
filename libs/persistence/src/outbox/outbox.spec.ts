import { CallEndedV1, CallStartedV1, DtmfReceivedV1, TicketOpenedV1, type EventDefinition } from '@troncal/contracts';
import { newCallId, TransientError } from '@troncal/kernel';
import { newTrace, parseTraceparent, runInContext } from '@troncal/observability';
import { eventually, startPostgres, type PostgresServer } from '@troncal/testing';
import { describe, expect, it, type TestContext } from 'vitest';
import { openServiceDatabase, silent, type ServiceDatabase } from '../../test/service-database.js';
import { Outbox, PRIOR_HEADER } from './outbox.js';
import { outboxBacklog } from './outbox-metrics.js';
import { OutboxRelay, type EventPort, type OutboxRelayOptions, type OutgoingEvent } from './outbox-relay.js';

/** A bus that keeps what it got; `fail` decides which events it refuses. */
class RecordingBus implements EventPort {
  readonly sent: OutgoingEvent[] = [];
  up = true;
  fail: (event: OutgoingEvent) => boolean = () => false;
  lost: (event: OutgoingEvent) => boolean = () => false;
  ready = (): boolean => this.up;
  publish(event: OutgoingEvent): Promise<void> {
    if (this.lost(event)) return Promise.reject(new TransientError('bus_away', 'The connection was lost before the answer came.'));
    if (this.fail(event)) return Promise.reject(new Error('refused'));
    this.sent.push(event);
    return Promise.resolve();
  }
  sequencesOf(subject: string): number[] {
    return this.sent.map((event) => JSON.parse(event.payload) as { subject: string; sequence: number }).filter((event) => event.subject === subject).map((event) => event.sequence);
  }
}

const outbox = new Outbox('ari-gateway');

/** A database of a test's own, with relays that are stopped when the test is over: these wait more than they work, so they run beside each other. */
class OutboxLab {
  private readonly relays: OutboxRelay[] = [];

  private constructor(readonly db: ServiceDatabase['db']) {}

  static async of({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, server?: PostgresServer): Promise<OutboxLab> {
    const opened = await openServiceDatabase('ari-gateway', server);
    const lab = new OutboxLab(opened.db);
    onTestFinished(async () => {
      await Promise.all(lab.relays.map((relay) => relay.stop()));
      await opened.close();
    });
    return lab;
  }

  relayTo(bus: EventPort, options: Partial<OutboxRelayOptions> = {}): OutboxRelay {
    const relay = new OutboxRelay(this.db, bus, { logger: silent, pollMs: 200, ...options });
    this.relays.push(relay);
    relay.start();
    return relay;
  }

  emit(call: string, definition: EventDefinition<unknown>, using = outbox): Promise<unknown> {
    return this.db.transaction((tx) => using.emit(tx, definition, { tenant: 'demo', subject: call, data: { ...(definition.example as object), callId: call } }));
  }
}

describe.concurrent('stating facts', () => {
  it('happens with the transaction or not at all', async (test) => {
    const lab = await OutboxLab.of(test);
    const call = newCallId();
    const work = lab.db.transaction(async (tx) => {
      await outbox.emit(tx, CallStartedV1, { tenant: 'demo', subject: call, data: CallStartedV1.example as never });
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect((await outboxBacklog(lab.db)).waiting).toBe(0);
  });

  it('counts each aggregate from 1 without gaps, in the order of commits, however many write at once', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const [first, second] = [newCallId(), newCallId()];
    await Promise.all(Array.from({ length: 20 }, (_, index) => lab.emit(index % 2 ? first : second, DtmfReceivedV1)));
    lab.relayTo(bus);
    await eventually('all are sent', () => bus.sent.length === 20);
    expect(bus.sequencesOf(first)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(bus.sequencesOf(second)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('names the earlier sequences per type, for consumers of only some', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const call = newCallId();
    for (const event of [CallStartedV1, DtmfReceivedV1, DtmfReceivedV1, CallEndedV1]) await lab.emit(call, event);
    lab.relayTo(bus);
    await eventually('all are sent', () => bus.sent.length === 4);
    expect(bus.sent.map((event) => JSON.parse(event.headers[PRIOR_HEADER] ?? '') as unknown)).toEqual([
      {},
      { 'CallStarted.v1': 1 },
      { 'CallStarted.v1': 1, 'DtmfReceived.v1': 2 },
      { 'CallStarted.v1': 1, 'DtmfReceived.v1': 3 },
    ]);
  });

  it('inherits trace, correlation and cause of the running work', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const trace = newTrace();
    await runInContext({ trace, correlationId: 'campaign-1', causationId: 'event-1' }, () => lab.emit(newCallId(), CallStartedV1));
    lab.relayTo(bus);
    const event = await eventually('it is sent', () => bus.sent[0]);
    expect(JSON.parse(event.payload)).toMatchObject({ source: 'ari-gateway', correlationid: 'campaign-1', causationid: 'event-1', tenantid: 'demo', specversion: '1.0' });
    expect(parseTraceparent(event.headers['traceparent'])?.traceId).toBe(trace.traceId);
    expect(event.subject).toBe('evt.demo.calls.CallStarted.v1');
  });

  it('is refused when the data breaks the contract, or the service is no producer', async (test) => {
    const lab = await OutboxLab.of(test);
    const state = (definition: EventDefinition<unknown>, data: unknown): Promise<unknown> =>
      lab.db.transaction((tx) => outbox.emit(tx, definition, { tenant: 'demo', subject: 'x', data }));
    await expect(state(CallStartedV1, { ...(CallStartedV1.example as object), surprise: 1 })).rejects.toThrow(/surprise: not part of CallStarted.v1/);
    await expect(state(TicketOpenedV1, TicketOpenedV1.example)).rejects.toThrow(/ari-gateway may not state TicketOpened.v1/);
  });
});

describe.concurrent('the relay', () => {
  it('sends at once when woken by the commit', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const relay = lab.relayTo(bus, { pollMs: 3_600_000 });
    await eventually('it leads', () => relay.isLeading);
    await lab.emit(newCallId(), CallStartedV1, new Outbox('ari-gateway', () => relay.wake()));
    await eventually('it is sent', () => bus.sent.length === 1);
    await eventually('it is marked', async () => (await outboxBacklog(lab.db)).waiting === 0);
    expect(bus.sent).toHaveLength(1);
  });

  it('of another replica is woken through the database', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const leader = lab.relayTo(bus, { pollMs: 3_600_000 });
    await eventually('it leads', () => leader.isLeading);
    const other = new OutboxRelay(lab.db, bus, { logger: silent, pollMs: 3_600_000 });
    await lab.emit(newCallId(), CallStartedV1, new Outbox('ari-gateway', () => other.wake()));
    await eventually('it is sent', () => bus.sent.length === 1);
    expect(other.isLeading).toBe(false);
  });

  it('holds back only the aggregate whose event fails, and keeps its order', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const [bad, good] = [newCallId(), newCallId()];
    let failures = 0;
    bus.fail = (event) => event.payload.includes(bad) && event.payload.includes('CallStarted') && (failures += 1) < 3;
    for (const call of [bad, good]) for (const event of [CallStartedV1, DtmfReceivedV1, CallEndedV1]) await lab.emit(call, event);
    lab.relayTo(bus);
    await eventually('all are sent', () => bus.sent.length === 6);
    expect(bus.sequencesOf(bad)).toEqual([1, 2, 3]);
    expect(bus.sent.slice(0, 3).every((event) => event.payload.includes(good))).toBe(true);
  });

  it('waits while the bus is down, without counting failures, and goes on when told', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    bus.up = false;
    await lab.emit(newCallId(), CallStartedV1);
    const relay = lab.relayTo(bus);
    await eventually('it leads', () => relay.isLeading);
    expect(await lab.db.query('SELECT attempts FROM outbox')).toEqual([{ attempts: 0 }]);
    bus.up = true;
    await relay.retryNow();
    await eventually('it is sent', () => bus.sent.length === 1);
  });

  it('counts no failure of an event when the bus is lost under it, and sends it as soon as there is one', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const subjects = [newCallId(), newCallId()];
    let losses = 0;
    bus.lost = () => (losses += 1) <= 12;
    for (const call of subjects) await lab.emit(call, CallStartedV1);
    lab.relayTo(bus);
    await eventually('all are sent', () => bus.sent.length === 2, 5_000);
    expect(losses).toBe(14);
    expect(await lab.db.query('SELECT attempts, retry_at <= created_at AS now FROM outbox')).toEqual(subjects.map(() => ({ attempts: 0, now: true })));
  });

  it('works in one replica at a time, and another takes over', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    const first = lab.relayTo(bus);
    await eventually('the first leads', () => first.isLeading);
    const second = lab.relayTo(bus);
    await lab.emit(newCallId(), CallStartedV1);
    await eventually('it is sent', () => bus.sent.length === 1);
    expect(second.isLeading).toBe(false);
    await first.stop();
    await eventually('the second leads', () => second.isLeading);
    await lab.emit(newCallId(), CallStartedV1);
    await eventually('it is sent', () => bus.sent.length === 2);
  });

  it('forgets sent events after a time', async (test) => {
    const lab = await OutboxLab.of(test);
    const bus = new RecordingBus();
    await lab.emit(newCallId(), CallStartedV1);
    lab.relayTo(bus, { pollMs: 50, keepSentMs: 0, cleanEveryMs: 50 });
    await eventually('it is sent', () => bus.sent.length === 1);
    await eventually('the table is empty', async () => (await lab.db.query('SELECT 1 FROM outbox')).length === 0);
    expect(bus.sent).toHaveLength(1);
  });

  it('survives PostgreSQL killed and back', async (test) => {
    const server = await startPostgres();
    test.onTestFinished(() => server.stop());
    const lab = await OutboxLab.of(test, server);
    const bus = new RecordingBus();
    const relay = lab.relayTo(bus);
    await eventually('it leads', () => relay.isLeading);
    await server.kill();
    await eventually('it notices', () => !relay.isLeading);
    await server.restart();
    await eventually('the pool works again', () => lab.db.ping());
    await lab.db.transaction((tx) => outbox.emit(tx, CallStartedV1, { tenant: 'demo', subject: newCallId(), data: CallStartedV1.example as never }));
    await eventually('it is sent', () => bus.sent.length === 1);
    expect(relay.isLeading).toBe(true);
  });
});
