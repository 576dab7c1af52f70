import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { COMMANDS, domainsReadBy, domainsWrittenBy, durableName, EDGE_LEASES, EVENTS, handlersOf, inboxPrefix, SERVICE_NAMES, streamName, type ServiceName } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusLab } from '../../test/bus-lab.js';

let lab: BusLab;
const connections = new Map<ServiceName, NatsConnection>();
const as = (service: ServiceName): NatsConnection => {
  const connection = connections.get(service);
  if (!connection) throw new Error(`No connection as ${service}.`);
  return connection;
};

beforeAll(async () => {
  lab = await BusLab.open();
  for (const service of SERVICE_NAMES) {
    const { url, user, password } = lab.nats.login(service);
    connections.set(service, await connect({ servers: url, user, pass: password, inboxPrefix: inboxPrefix(user) }));
  }
});
afterAll(async () => {
  for (const connection of connections.values()) await connection.close();
  await lab?.close();
});

/** What the server says when a client publishes to a subject: undefined when it lets it pass. */
async function refusalOfPublish(connection: NatsConnection, subject: string): Promise<string | undefined> {
  let refusal: string | undefined;
  const status = connection.status();
  const watching = (async () => {
    for await (const event of status) if (event.type === 'error' && event.error.message.includes(subject)) refusal = event.error.message;
  })();
  connection.publish(subject, '');
  // A violation comes back before the answer to the PING that a flush sends after it.
  await connection.flush();
  await connection.flush();
  (status as unknown as { stop?: () => void }).stop?.();
  void watching;
  return refusal;
}

async function refusalOfSubscribe(connection: NatsConnection, subject: string): Promise<string | undefined> {
  const subscription = connection.subscribe(subject);
  await connection.flush();
  const closed = await Promise.race([subscription.closed.then((error) => (error instanceof Error ? error.message : 'closed')), connection.flush().then(() => undefined)]);
  subscription.unsubscribe();
  return closed;
}

describe.each(SERVICE_NAMES)('the NATS user of %s', (service) => {
  it('may publish its own facts and no other', async () => {
    for (const event of EVENTS) {
      const refusal = await refusalOfPublish(as(service), event.subjectFor('demo'));
      expect.soft({ event: event.type, refused: refusal !== undefined }).toEqual({ event: event.type, refused: !event.producers.includes(service) });
    }
  });

  it('may ask the commands it is a client of, and answer its own, and no other', async () => {
    for (const command of COMMANDS) {
      const asking = await refusalOfPublish(as(service), command.subject);
      expect.soft({ ask: command.subject, refused: asking !== undefined }).toEqual({ ask: command.subject, refused: !command.clients.includes(service) });
      const answering = await refusalOfSubscribe(as(service), command.subject);
      expect.soft({ answer: command.subject, refused: answering !== undefined }).toEqual({ answer: command.subject, refused: command.service !== service });
    }
  });

  it('may read its own inbox, and neither that of others nor events past JetStream', async () => {
    expect(await refusalOfSubscribe(as(service), `${inboxPrefix(service)}.x`)).toBeUndefined();
    const other = SERVICE_NAMES.find((name) => name !== service) ?? service;
    for (const subject of [`${inboxPrefix(other)}.>`, '_INBOX.>', 'evt.>', '>', '$JS.>', 'dlq.>']) {
      expect.soft({ subject, refusal: await refusalOfSubscribe(as(service), subject) }).toMatchObject({ refusal: expect.stringContaining('Permissions Violation') });
    }
  });

  it('may look after its own durables, and not after those of others', async () => {
    const manager = await jetstreamManager(as(service), { checkAPI: false, timeout: 1_000 });
    for (const domain of domainsReadBy(service)) {
      for (const handler of handlersOf(service, domain)) {
        const durable = durableName(service, handler);
        const filter = EVENTS.find((event) => event.domain === domain)?.filter ?? '';
        await manager.consumers.add(streamName(domain), { durable_name: durable, ack_policy: 'explicit', filter_subject: filter });
        await manager.consumers.update(streamName(domain), durable, { ack_wait: 5e9 });
        const consumer = jetstream(as(service)).consumers.getConsumerFromInfo(await manager.consumers.info(streamName(domain), durable));
        await consumer.fetch({ max_messages: 1, expires: 1_000 });
      }
    }
    const other = SERVICE_NAMES.find((name) => name !== service && domainsReadBy(name).length > 0) ?? service;
    const domain = domainsReadBy(other)[0] ?? 'calls';
    const foreign = durableName(other, handlersOf(other, domain)[0] ?? '');
    for (const verb of ['INFO', 'DELETE', 'MSG.NEXT', 'CREATE', 'DURABLE.CREATE']) {
      const subject = `$JS.API.CONSUMER.${verb}.${streamName(domain)}.${foreign}`;
      expect.soft({ subject, refused: (await refusalOfPublish(as(service), subject)) !== undefined }).toEqual({ subject, refused: true });
    }
    expect(await refusalOfPublish(as(service), `$JS.ACK.${streamName(domain)}.${foreign}.1.1.1.1.0`)).toBeDefined();
  });

  it('may touch leases only where they are its own', async () => {
    const own = service === 'ari-gateway';
    for (const subject of [`$KV.${EDGE_LEASES}.edge-1`, ...['INFO', 'CREATE', 'UPDATE', 'MSG.GET'].map((verb) => `$JS.API.STREAM.${verb}.KV_${EDGE_LEASES}`)]) {
      expect.soft({ subject, refused: (await refusalOfPublish(as(service), subject)) !== undefined }).toEqual({ subject, refused: !own });
    }
    for (const verb of ['DELETE', 'PURGE', 'MSG.DELETE']) expect.soft(await refusalOfPublish(as(service), `$JS.API.STREAM.${verb}.KV_${EDGE_LEASES}`)).toBeDefined();
  });

  it('may create missing streams, change those it writes to, and empty or remove none', async () => {
    const written = domainsWrittenBy(service);
    for (const domain of new Set([...written, ...domainsReadBy(service)])) {
      const stream = streamName(domain);
      for (const [verb, allowed] of [['INFO', true], ['CREATE', true], ['UPDATE', written.includes(domain)], ['PURGE', false], ['DELETE', false], ['MSG.DELETE', false], ['MSG.GET', false]] as const) {
        const subject = `$JS.API.STREAM.${verb}.${stream}`;
        expect.soft({ subject, refused: (await refusalOfPublish(as(service), subject)) !== undefined }).toEqual({ subject, refused: !allowed });
      }
    }
  });
});

describe('the observer', () => {
  it('may publish nothing', async () => {
    const { url, user, password } = lab.nats.observer;
    const observer = await connect({ servers: url, user, pass: password, inboxPrefix: inboxPrefix(user) });
    for (const subject of ['evt.demo.calls.CallStarted.v1', 'cmd.ari-gateway.hangup.v1', 'dlq.x.y', '$JS.API.STREAM.DELETE.EVT_CALLS', '$JS.API.STREAM.PURGE.EVT_CALLS', '$JS.API.STREAM.UPDATE.EVT_CALLS']) {
      expect.soft({ subject, refused: (await refusalOfPublish(observer, subject)) !== undefined }).toEqual({ subject, refused: true });
    }
    await observer.close();
  });
});
