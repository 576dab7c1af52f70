import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@troncal/config';
import { newId, TransientError } from '@troncal/kernel';
import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { ensurePart } from '@troncal/parts';
import { eventually, freePort, killServer, spawnServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderNatsConfig } from './nats-config.js';
import { setupEnv } from './settings.js';

const HOSTS = ['nats-0.nats-headless', 'nats-1.nats-headless', 'nats-2.nats-headless'];
const log = createLogger({ service: 'setup', level: 'silent' });
const secret = (name: string): string => `secret-of-${name}`;

interface Server {
  readonly name: string;
  readonly clientPort: number;
  readonly start: () => ReturnType<typeof spawnServer>;
  child: ReturnType<typeof spawnServer>;
}

/** No leader in time, or none at all: by the client library's own classes, whatever their texts. */
function nobodyAnswers(error: unknown): boolean {
  const { name, status, cause } = error as { name?: string; status?: number; cause?: unknown };
  return name === 'TimeoutError' || name === 'JetStreamNotEnabled' || status === 503 || (cause !== undefined && nobodyAnswers(cause));
}

describe("nats.conf of a cluster, as the overlay prod's setup writes it", () => {
  let folder: string;
  let servers: Server[];
  let bus: Bus;
  let streams: StreamProvisioner;
  let publisher: JetStreamPublisher;

  /** What setup.js writes, with nothing changed but where the servers are: three on one machine instead of three pods. */
  async function makeServers(): Promise<Server[]> {
    const { command } = await ensurePart('nats');
    const clusterPorts = [await freePort(), await freePort(), await freePort()];
    return Promise.all(
      HOSTS.map(async (_, index) => {
        const name = `nats-${index}`;
        const [clientPort, monitorPort] = [await freePort(), await freePort()];
        const settings = parseEnv(setupEnv, { NATS_SERVER_NAME: name, NATS_CLUSTER_HOSTS: HOSTS.join(','), NATS_STORE_DIR: join(folder, name), NATS_MAX_STORE_BYTES: '4294967296' });
        const placed = HOSTS.reduce((text, host, other) => text.replaceAll(`${host}:6222`, `127.0.0.1:${clusterPorts[other]}`), renderNatsConfig(settings, secret))
          .replace('0.0.0.0:4222', `127.0.0.1:${clientPort}`)
          .replace('0.0.0.0:8222', `127.0.0.1:${monitorPort}`)
          .replace('0.0.0.0:6222', `127.0.0.1:${clusterPorts[index]}`);
        const file = join(folder, `${name}.conf`);
        writeFileSync(file, placed, { mode: 0o600 });
        const start = (): ReturnType<typeof spawnServer> => spawnServer([...command, '-c', file, '-l', join(folder, `${name}.log`)], { cwd: folder, temporaryFolder: folder, stdio: 'ignore' });
        return { name, clientPort, start, child: start() };
      }),
    );
  }

  const streamsAreThere = (withinMs: number): Promise<true> =>
    eventually('the streams are there, on all three', () => {
      const { state, reason } = streams.health();
      if (state !== 'ready') throw new Error(reason);
      return true as const;
    }, withinMs);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'troncal-nats-cluster-'));
    servers = await makeServers();
    bus = new Bus({ url: servers.map(({ clientPort }) => `nats://127.0.0.1:${clientPort}`).join(','), user: 'ticketing', password: secret('ticketing.nats-password'), logger: log });
    streams = new StreamProvisioner(bus, 'ticketing', { ...DEFAULT_LIMITS, replicas: 3 }, log);
    publisher = new JetStreamPublisher(bus, { ackTimeoutMs: 2_000 });
    streams.start();
    bus.start();
    // NATS 2.10.27 sometimes forms its meta group of the first two and never takes the third in (2 of 150 starts that weren't quite at once; /jsz says
    // cluster_size 2): no stream of three replicas can be placed then, and starting them again cures it (deploy/README.md). Not ours to prove.
    await streamsAreThere(35_000).catch(async () => {
      await Promise.all(servers.map(({ child }) => killServer(child)));
      for (const each of servers) each.child = each.start();
      await streamsAreThere(60_000);
    });
  }, 150_000);
  afterAll(async () => {
    await streams?.stop();
    await bus?.close();
    await Promise.all((servers ?? []).map(({ child }) => killServer(child)));
    rmSync(folder, { recursive: true, force: true });
  });

  const state = async (): Promise<{ messages: number; leader: string; followers: readonly { name: string; current: boolean }[] }> => {
    const info = await (await bus.jetStreamManager()).streams.info('EVT_TICKETS');
    return { messages: info.state.messages, leader: info.cluster?.leader ?? '', followers: (info.cluster?.replicas ?? []).map(({ name, current }) => ({ name, current })) };
  };
  const publish = (): Promise<void> => publisher.publish({ id: newId(), subject: 'evt.acme.tickets.TicketOpened.v1', payload: '{}', headers: {} });
  /** As the outbox does: again until it is acknowledged. */
  const published = (): Promise<true> => eventually('an event is acknowledged', () => publish().then(() => true as const), 30_000);
  /** What the servers complained of last, for whoever has to find out why one of them stayed behind. */
  const complaints = (): string =>
    servers.map(({ name, child }) => {
      const lines = readFileSync(join(folder, `${name}.log`), 'utf8').split('\n').filter((line) => /\[(WRN|ERR|FTL)\]/.test(line));
      return `${name} ${child.exitCode ?? child.signalCode ?? 'runs'}\n${lines.slice(-12).join('\n')}`;
    }).join('\n');
  const allCurrent = (): Promise<boolean> =>
    eventually('both followers have all that the leader has', async () => {
      const { cluster } = await (await bus.jetStreamManager()).streams.info('EVT_TICKETS');
      if (cluster?.replicas?.length === 2 && cluster.replicas.every(({ current }) => current)) return true;
      throw new Error(`${JSON.stringify(cluster)}\n${complaints()}`);
    }, 60_000);
  const server = (name: string): Server => servers.find((candidate) => candidate.name === name) as Server;

  it('keeps every stream on all three, and knows each service by its password and permissions', async () => {
    const { leader, followers } = await state();
    expect([leader, ...followers.map(({ name }) => name)].toSorted()).toEqual(['nats-0', 'nats-1', 'nats-2']);
    await expect(publisher.publish({ id: newId(), subject: 'evt.acme.calls.CallEnded.v1', payload: '{}', headers: {} })).rejects.toThrow(/Permissions Violation|timeout/i);
  });

  it('loses no acknowledged event to kill -9 of the stream\'s leader, and goes on with the other two', async () => {
    for (let n = 0; n < 20; n++) await published();
    await allCurrent();
    const before = await state();
    await killServer(server(before.leader).child);
    for (let n = 0; n < 20; n++) await published();
    const after = await eventually('another leads', async () => (await state()).leader !== before.leader && (await state()), 30_000);
    expect(after.messages).toBe(before.messages + 20);
    server(before.leader).child = server(before.leader).start();
    await allCurrent();
  }, 150_000);

  it('acknowledges nothing without a majority, and goes on when it is back', async () => {
    const { messages, leader } = await state();
    const others = servers.filter(({ name }) => name !== leader);
    await Promise.all(others.map(({ child }) => killServer(child)));
    // A connection that went with its server says nothing of the one that is left.
    const outcome = await eventually('the server that is left is asked', async () => {
      const how = await publish().then(() => 'acknowledged', (error: unknown) => error as Error);
      return !(how instanceof TransientError && how.code === 'bus_away') && how;
    }, 30_000);
    expect(outcome).toSatisfy(nobodyAnswers);
    for (const other of others) other.child = other.start();
    await published();
    // The refused one may have been kept by the server that was alone: then it was never acknowledged, and its repetition is dropped by its id.
    expect((await eventually('the stream answers', () => state(), 30_000)).messages).toBeGreaterThanOrEqual(messages + 1);
  }, 150_000);
});
