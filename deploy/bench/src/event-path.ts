import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager, type ConsumerMessages } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { DtmfReceivedV1, streamName } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { createLogger, runOutsideContext } from '@troncal/observability';
import { eventually, startNats, startPostgres, type NatsServer, type PostgresServer } from '@troncal/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { alternate, percentile, table, type Figures } from './figures.js';
import { openOutboxWay } from './outbox-way.js';
import { machine } from './process-cost.js';

const PER_SECOND = Number(process.env['BENCH_RATE'] ?? 500);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const CALLS = 50;
const STREAM = streamName('calls');
const logger = createLogger({ service: 'bench', level: 'warn' });

/** What carries an ARI event to the bus; `close` ends it. */
interface Contender {
  readonly handle: (callId: string, sentAt: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The product's way: state and fact in one transaction, the relay publishes and marks on PubAck. */
async function throughOutbox(nats: NatsServer, postgres: PostgresServer): Promise<Contender> {
  const way = await openOutboxWay(nats, postgres, logger);
  const { db, outbox } = way;
  return {
    handle: (callId, sentAt) =>
      db.transaction(async (tx) => {
        await outbox.emit(tx, DtmfReceivedV1, { tenant: 'bench', subject: callId, correlationId: String(sentAt), data: { callId, legId: callId, digit: '5', masked: false } });
      }),
    close: () => way.close(),
  };
}

/** The bound: the same event straight to JetStream, with nothing that makes it survive a crash of ours. */
async function straight(nats: NatsServer): Promise<Contender> {
  const connection = await connect({ servers: nats.url, user: nats.admin.user, pass: nats.admin.password });
  const stream = jetstream(connection);
  return {
    handle: async (callId, sentAt) => {
      const body = JSON.stringify({ correlationid: String(sentAt), data: { callId, legId: callId, digit: '5', masked: false } });
      await stream.publish(DtmfReceivedV1.subjectFor('bench'), body, { msgID: newId() });
    },
    close: () => connection.close(),
  };
}

async function subscriber(connection: NatsConnection, onDelay: (ms: number) => void): Promise<ConsumerMessages> {
  const manager = await jetstreamManager(connection);
  await eventually('the stream is there', () => manager.streams.info(STREAM).then(() => true), 20_000);
  const durable = `bench_${newId()}`;
  await manager.consumers.add(STREAM, { durable_name: durable, ack_policy: AckPolicy.Explicit, deliver_policy: DeliverPolicy.New, filter_subject: DtmfReceivedV1.filter });
  const messages = await (await jetstream(connection).consumers.get(STREAM, durable)).consume();
  void (async () => {
    for await (const message of messages) {
      onDelay(performance.now() - Number((message.json() as { correlationid: string }).correlationid));
      message.ack();
    }
  })();
  return messages;
}

/** Sends ARI-shaped events over a WebSocket at a steady rate and measures each until the durable subscriber has it. */
async function measure(contender: Contender, connection: NatsConnection): Promise<Figures> {
  const delays: number[] = [];
  const messages = await subscriber(connection, (ms) => delays.push(ms));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [asterisk] = (await once(server, 'connection')) as [WebSocket];
  await once(client, 'open');
  const failures: unknown[] = [];
  client.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString()) as { callId: string; sentAt: number };
    void runOutsideContext(() => contender.handle(event.callId, event.sentAt)).catch((error: unknown) => failures.push(error));
  });
  const calls = Array.from({ length: CALLS }, () => crypto.randomUUID());
  const total = PER_SECOND * SECONDS;
  const began = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * PER_SECOND));
    for (; sent < due; sent++) asterisk.send(JSON.stringify({ type: 'ChannelDtmfReceived', digit: '5', callId: calls[sent % CALLS], sentAt: performance.now() }));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await eventually('every event arrives', () => delays.length + failures.length >= total, 30_000);
  messages.stop();
  client.close();
  server.close();
  return { 'p50 ms': percentile(delays, 0.5), 'p99 ms': percentile(delays, 0.99), 'max ms': Math.max(...delays), lost: failures.length };
}

const nats = await startNats();
const postgres = await startPostgres({ durable: true });
const connection = await connect({ servers: nats.url, user: nats.admin.user, pass: nats.admin.password });
const contenders = { 'outbox, relay, JetStream (ours)': await throughOutbox(nats, postgres), 'JetStream alone (bound)': await straight(nats) };
try {
  const result = await alternate(RUNS, Object.fromEntries(Object.entries(contenders).map(([name, contender]) => [name, () => measure(contender, connection)])));
  console.log(`Event path: ARI event over WebSocket to a durable subscriber, ${PER_SECOND}/s over ${CALLS} calls for ${SECONDS} s, medians of ${RUNS} alternating runs`);
  console.log(`${machine()}; PostgreSQL with fsync, NATS with sync_interval always; budget p99 <= 15 ms\n`);
  console.log(table(result));
} finally {
  for (const contender of Object.values(contenders)) await contender.close();
  await connection.close();
  await nats.stop();
  await postgres.stop();
}
process.exit(0);
