import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from '@troncal/config';
import { newId } from '@troncal/kernel';
import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { ensurePart } from '@troncal/parts';
import { eventually, freePort, killServer, spawnServer } from '@troncal/testing';
import { renderNatsConfig } from '../../src/nats-config.js';
import { setupEnv } from '../../src/settings.js';

const HOSTS = ['nats-0.nats-headless', 'nats-1.nats-headless', 'nats-2.nats-headless'];
const log = createLogger({ service: 'setup', level: 'silent' });
const secret = (name: string): string => `secret-of-${name}`;

interface Server {
  readonly name: string;
  readonly clientPort: number;
  readonly start: () => ReturnType<typeof spawnServer>;
  child: ReturnType<typeof spawnServer>;
}

export interface StreamState {
  readonly messages: number;
  readonly leader: string;
  readonly followers: readonly string[];
}

/** Three NATS servers with the configuration of the overlay prod, and a service on them. */
export class NatsCluster {
  private constructor(
    private readonly folder: string,
    readonly servers: readonly Server[],
    private readonly bus: Bus,
    private readonly streams: StreamProvisioner,
    readonly publisher: JetStreamPublisher,
  ) {}

  static async open(): Promise<NatsCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'troncal-nats-cluster-'));
    const servers = await makeServers(folder);
    const bus = new Bus({ url: servers.map(({ clientPort }) => `nats://127.0.0.1:${clientPort}`).join(','), user: 'ticketing', password: secret('ticketing.nats-password'), logger: log });
    const streams = new StreamProvisioner(bus, 'ticketing', { ...DEFAULT_LIMITS, replicas: 3 }, log);
    const cluster = new NatsCluster(folder, servers, bus, streams, new JetStreamPublisher(bus, { ackTimeoutMs: 2_000 }));
    streams.start();
    bus.start();
    // NATS 2.10.27 sometimes forms its meta group of the first two and never takes the third in (2 of 150 starts that weren't quite at once; /jsz says
    // cluster_size 2): no stream of three replicas can be placed then, and starting them again cures it (deploy/README.md). Not ours to prove.
    await cluster.streamsAreThere(35_000).catch(async () => {
      await Promise.all(servers.map(({ child }) => killServer(child)));
      for (const each of servers) each.child = each.start();
      await cluster.streamsAreThere(60_000);
    });
    return cluster;
  }

  async close(): Promise<void> {
    await this.streams.stop();
    await this.bus.close();
    await Promise.all(this.servers.map(({ child }) => killServer(child)));
    rmSync(this.folder, { recursive: true, force: true });
  }

  server(name: string): Server {
    return this.servers.find((candidate) => candidate.name === name) as Server;
  }

  async state(): Promise<StreamState> {
    const info = await (await this.bus.jetStreamManager()).streams.info('EVT_TICKETS');
    return { messages: info.state.messages, leader: info.cluster?.leader ?? '', followers: (info.cluster?.replicas ?? []).map(({ name }) => name) };
  }

  publish(): Promise<void> {
    return this.publisher.publish({ id: newId(), subject: 'evt.acme.tickets.TicketOpened.v1', payload: '{}', headers: {} });
  }

  /** As the outbox does: again until it is acknowledged. */
  published(): Promise<true> {
    return eventually('an event is acknowledged', () => this.publish().then(() => true as const), 30_000);
  }

  /** Resolves when both followers have all that the leader has; otherwise says who hasn't, and what the servers complained of. */
  allCurrent(): Promise<boolean> {
    return eventually('both followers have all that the leader has', async () => {
      const { cluster } = await (await this.bus.jetStreamManager()).streams.info('EVT_TICKETS');
      if (cluster?.replicas?.length === 2 && cluster.replicas.every(({ current }) => current)) return true;
      throw new Error(`${JSON.stringify(cluster)}\n${this.complaints()}`);
    }, 60_000);
  }

  private streamsAreThere(withinMs: number): Promise<true> {
    return eventually('the streams are there, on all three', () => {
      const { state, reason } = this.streams.health();
      if (state !== 'ready') throw new Error(reason);
      return true as const;
    }, withinMs);
  }

  private complaints(): string {
    return this.servers
      .map(({ name, child }) => {
        const lines = readFileSync(join(this.folder, `${name}.log`), 'utf8').split('\n').filter((line) => /\[(WRN|ERR|FTL)\]/.test(line));
        return `${name} ${child.exitCode ?? child.signalCode ?? 'runs'}\n${lines.slice(-12).join('\n')}`;
      })
      .join('\n');
  }
}

/** What setup.js writes, with nothing changed but where the servers are: three on one machine instead of three pods. */
async function makeServers(folder: string): Promise<Server[]> {
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
