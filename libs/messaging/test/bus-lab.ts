import 'reflect-metadata';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { STREAMS, type Envelope, type EventDefinition, type ServiceName } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { createLogger, Health, Metrics, type Logger } from '@troncal/observability';
import { Database, DeadLetters, Inbox, migrate, Outbox, OutboxRelay, PRIOR_HEADER } from '@troncal/persistence';
import { eventually, sharedPostgres, startNats, type NatsServer, type PostgresServer, type TestDatabase } from '@troncal/testing';
import { Bus, JetStreamPublisher, MessagingModule, RedriveDeadLetter } from '../src/index.js';

export const log = createLogger({ service: 'spec', level: 'silent' });

/** An application with handlers, as a service would run it. */
export interface ConsumingApp {
  readonly bus: Bus;
  readonly db: Database;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly redrive: RedriveDeadLetter;
  /** As SIGTERM would. */
  readonly close: () => Promise<void>;
}

/** What an event sent by hand may say otherwise than usual. */
export interface SendOptions {
  readonly subject: string;
  readonly sequence: number;
  /** Type to the latest earlier sequence; no header when absent. */
  readonly prior?: Readonly<Record<string, number>>;
  readonly id?: string;
  readonly msgId?: string;
  readonly traceparent?: string;
}

/** A bus with every stream, and a user that may do anything on it. */
export class BusLab {
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly nats: NatsServer,
    readonly admin: NatsConnection,
    readonly manager: JetStreamManager,
  ) {}

  static async open(): Promise<BusLab> {
    const nats = await startNats();
    const admin = await connect({ servers: nats.url, user: 'admin', pass: 'admin', maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    const lab = new BusLab(nats, admin, await jetstreamManager(admin));
    for (const { name, subjects } of STREAMS) await lab.manager.streams.add({ name, subjects: [...subjects] });
    return lab;
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
    await this.admin.close();
    await this.nats.stop();
  }

  /** A fresh database with the library's tables and `effect (name, attempt)`. */
  async database(service: ServiceName, server?: PostgresServer): Promise<TestDatabase> {
    const test = await (server ?? (await sharedPostgres())).createDatabase(service);
    await migrate({ ownerUrl: test.ownerUrl, schema: test.schema, appRole: test.appRole, sets: [], logger: log });
    const owner = new Database({ url: test.ownerUrl, schema: test.schema, logger: log, applicationName: 'owner', poolSize: 1 });
    await owner.run('CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY, name text NOT NULL, attempt int NOT NULL)');
    await owner.close();
    return test;
  }

  /** Runs handlers as `service`, with that service's permissions on the bus. */
  async run(service: ServiceName, database: TestDatabase, providers: Provider[], options: { readonly ackWaitMs?: number; readonly lateAfterMs?: number; readonly logger?: Logger } = {}): Promise<ConsumingApp> {
    const db = new Database({ url: database.appUrl, schema: database.schema, logger: log, applicationName: service, connectTimeoutMs: 1000 });
    const bus = new Bus({ ...this.nats.login(service), logger: log });
    bus.start();
    const relay = new OutboxRelay(db, new JetStreamPublisher(bus), { logger: log, pollMs: 200 });
    relay.start();
    const around = {
      service, bus, inbox: new Inbox(db), deadLetters: new DeadLetters(db), logger: options.logger ?? log, metrics: new Metrics(service), health: new Health(), startWhen: Promise.resolve(),
      ackWaitMs: options.ackWaitMs ?? 1_000, ...(options.lateAfterMs !== undefined && { lateAfterMs: options.lateAfterMs }),
    };
    class App {}
    Module({
      imports: [MessagingModule.register(around)],
      providers: [{ provide: Database, useValue: db }, { provide: Outbox, useValue: new Outbox(service, () => relay.wake()) }, ...providers],
    })(App);
    const closeParts = async (): Promise<void> => {
      await relay.stop();
      await bus.close();
      await db.close();
    };
    const application = await NestFactory.createApplicationContext(App, { logger: false, abortOnError: false }).catch(async (error: unknown) => {
      await closeParts();
      throw error;
    });
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => (closed ??= application.close().then(closeParts));
    this.closers.push(close);
    return { bus, db, health: around.health, metrics: around.metrics, redrive: application.get(RedriveDeadLetter), close };
  }

  /** Publishes an event as a producer's relay would, or otherwise than it would. */
  async send<Data>(definition: EventDefinition<Data>, options: SendOptions): Promise<string> {
    const envelope: Envelope = {
      specversion: '1.0',
      id: options.id ?? newId(),
      type: definition.type,
      source: definition.producers[0] ?? 'ari-gateway',
      time: new Date().toISOString(),
      subject: options.subject,
      sequence: options.sequence,
      tenantid: 'demo',
      correlationid: options.subject,
      datacontenttype: 'application/json',
      data: definition.example,
    };
    const headers = natsHeaders();
    if (options.prior) headers.set(PRIOR_HEADER, JSON.stringify(options.prior));
    if (options.traceparent) headers.set('traceparent', options.traceparent);
    await jetstream(this.admin).publish(definition.subjectFor('demo'), JSON.stringify(envelope), { msgID: options.msgId ?? envelope.id, headers });
    return envelope.id;
  }

  /** Names of the effects so far, in their order. */
  async effects(app: { readonly db: Database }): Promise<string[]> {
    return (await app.db.query<{ name: string }>('SELECT name FROM effect ORDER BY id')).map((row) => row.name);
  }

  /** Waits until a durable has nothing left to deliver and nothing unsettled. */
  async settled(stream: string, durable: string): Promise<void> {
    const isSettled = async (): Promise<boolean> => {
      const info = await this.manager.consumers.info(stream, durable);
      return info.num_pending === 0 && info.num_ack_pending === 0;
    };
    await eventually(`${durable} is settled`, isSettled, 20_000);
  }

  /** The dead letters of a service so far. */
  async deadLetters(service: ServiceName): Promise<{ readonly headers: Record<string, string>; readonly text: string }[]> {
    const { state } = await this.manager.streams.info('DLQ');
    const letters = await Promise.all(Array.from({ length: state.messages }, (_, index) => this.manager.streams.getMessage('DLQ', { seq: state.first_seq + index })));
    return letters
      .filter((letter) => letter !== null)
      .filter((letter) => letter.subject.startsWith(`dlq.${service}.`))
      .map((letter) => ({ headers: Object.fromEntries([...letter.header].map(([name, values]) => [name, values[0] ?? ''])), text: letter.string() }));
  }
}
