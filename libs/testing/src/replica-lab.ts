import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routeSchema, type RouteInput } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { SipPhone } from '@troncal/sip-phone';
import { createEdgeDatabase, startAsterisk, type AsteriskServer } from './asterisk-server.js';
import { freePort } from './child-server.js';
import { EdgeRows, REALM } from './edge-rows.js';
import { eventually } from './eventually.js';
import { GatewayReplica } from './gateway-replica.js';
import { startNats, type NatsServer } from './nats-server.js';
import { startPostgres, type PostgresServer, type TestDatabase } from './postgres-server.js';
import { apiKeysFile } from './service-under-test.js';
import { startSilentProxy, type SilentProxy } from './silent-proxy.js';

const KEY = 'trk_of_the_replica_lab';
const PASSWORD = 'secret';
const EDGE = 'edge-test';

/** Gateways, one edge, phones and what they all stand on, each a real program of the caller's own. */
export class ReplicaLab {
  readonly edgeId = EDGE;
  readonly db: Database;
  private readonly phones: SipPhone[] = [];
  private readonly proxies: SilentProxy[] = [];
  private readonly gateways: GatewayReplica[] = [];

  private constructor(
    private readonly files: { readonly main: string; readonly folder: string },
    readonly postgres: PostgresServer,
    readonly nats: NatsServer,
    readonly asterisk: AsteriskServer,
    private readonly database: TestDatabase,
    readonly rows: EdgeRows,
  ) {
    this.db = new Database({ url: database.ownerUrl, schema: database.schema, logger: createLogger({ service: 'spec', level: 'silent' }), applicationName: 'spec', poolSize: 2 });
  }

  /** @param main the gateway's program, built: this library knows no service's */
  static async open(main: string): Promise<ReplicaLab> {
    const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
    const database = await createEdgeDatabase(postgres);
    const rows = new EdgeRows(database);
    await rows.tenant('demo');
    for (const extension of ['201', '202', '203', '204', '205', '206']) await rows.endpoint('demo', extension, PASSWORD);
    const asterisk = await startAsterisk({ database, realm: REALM });
    const lab = new ReplicaLab({ main, folder: mkdtempSync(join(tmpdir(), 'troncal-lab-')) }, postgres, nats, asterisk, database, rows);
    await lab.route('menu', '150', { menu: { kind: 'menu', prompt: { say: { es: 'Marque uno.' } }, digits: { '1': 'ring' }, timeoutMs: 60_000, attempts: 1, onTimeout: 'bye' }, ring: { kind: 'ring', extensions: ['202'], timeoutMs: 30_000, onNoAnswer: 'bye' }, bye: { kind: 'hangup' } }, 'menu');
    return lab;
  }

  /** Declares a route; a gateway that is started later knows it. */
  async route(code: string, extension: string, nodes: RouteInput['nodes'], start: string): Promise<void> {
    const route = routeSchema.parse({ name: code, extension, language: 'es', start, nodes, recording: { enabled: false } });
    await this.db.run('INSERT INTO routes (tenant, code, route, revision) VALUES ($1, $2, $3, 1)', ['demo', code, JSON.stringify(route)]);
  }

  /** A gateway with ways of its own to everything; not started yet. */
  async gateway(name: string, more: Readonly<Record<string, string>> = {}): Promise<GatewayReplica> {
    const way = async (port: number, sent?: (chunk: Buffer) => void): Promise<SilentProxy> => {
      const proxy = await startSilentProxy({ host: '127.0.0.1', port }, sent);
      this.proxies.push(proxy);
      return proxy;
    };
    const { ari, ami } = this.asterisk;
    const asked = (chunk: Buffer): void => void gateway.asked.push(...chunk.toString('latin1').split('\r\n').filter((line) => line.endsWith(' HTTP/1.1')));
    const ways = { ari: await way(ari.port, asked), ami: await way(ami.port), nats: await way(this.nats.port), postgres: await way(this.postgres.port) };
    const port = await freePort();
    const through = (url: string): string => Object.assign(new URL(url), { port: String(ways.postgres.port) }).toString();
    const { user, password } = this.nats.login('ari-gateway');
    const gateway: GatewayReplica = new GatewayReplica(name, this.files.main, {
      HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port), REPLICA_ID: name, REPLICA_URL: `http://127.0.0.1:${port}`, API_KEYS_FILE: apiKeysFile(this.files.folder, new Map([['*', KEY]])),
      DATABASE_URL: through(this.database.appUrl), DATABASE_OWNER_URL: through(this.database.ownerUrl), NATS_URL: `nats://127.0.0.1:${ways.nats.port}`, NATS_USER: user, NATS_PASSWORD: password,
      EDGE_ID: EDGE, ARI_URL: `http://127.0.0.1:${ways.ari.port}`, ARI_USER: ari.user, ARI_PASSWORD: ari.password, AMI_PORT: String(ways.ami.port), AMI_USER: ami.user, AMI_PASSWORD: ami.password,
      CREDENTIALS_KEY: '5e'.repeat(32), RECORDINGS_DIR: join(this.files.folder, 'recordings'), SOUNDS_DIR: join(this.files.folder, 'sounds'), JOURNAL_DIR: join(this.files.folder, `journal-${name}`), LOG_LEVEL: process.env['REPLICA_LAB_LOGS'] ?? 'error', ...more,
    }, ways, KEY);
    this.gateways.push(gateway);
    return gateway;
  }

  async phone(extension: string, edge: AsteriskServer = this.asterisk): Promise<SipPhone> {
    const phone = await SipPhone.open({ bindAddress: '127.0.0.1', user: `demo_${extension}`, password: PASSWORD, registrar: { host: '127.0.0.1', port: edge.sipPort } });
    this.phones.push(phone);
    await phone.register();
    return phone;
  }

  /** A second edge on the same database, declared over HTTP; stopped by whoever asked for it. */
  async secondEdge(edgeId: string, by: GatewayReplica): Promise<AsteriskServer> {
    const edge = await startAsterisk({ database: this.database, realm: REALM, edgeId });
    const { ari, ami } = edge;
    await by.api.expect('PUT', `/api/edges/${edgeId}`, { ari: { url: `http://${ari.host}:${ari.port}`, user: ari.user, password: ari.password }, ami: { port: ami.port, user: ami.user, password: ami.password } });
    await eventually(`${edgeId} is connected`, async () => (await by.api.expect<{ edges: { edgeId: string; state: string }[] }>('GET', '/api/edges')).edges.some((each) => each.edgeId === edgeId && each.state === 'connected'), 20_000);
    return edge;
  }

  /** Who owns the edge, as the database knows it. */
  async owner(): Promise<{ readonly holder: string | null; readonly epoch: number; readonly state: string } | undefined> {
    const [row] = await this.db.query<{ holder: string | null; epoch: number; state: string }>('SELECT holder, epoch, state FROM edges WHERE edge_id = $1', [EDGE]);
    return row;
  }

  /** Waits until a replica owns the edge and has reconciled it. */
  async owned(holder: string, withinMs = 15_000): Promise<number> {
    return eventually(`${holder} owns the edge`, async () => {
      const row = await this.owner();
      return row?.holder === holder && row.state === 'connected' && row.epoch;
    }, withinMs);
  }

  /** Types of the events of a subject (a call, the edge), in the order in which they were stated. */
  async events(subject: string): Promise<string[]> {
    const rows = await this.db.query<{ envelope: string }>('SELECT envelope FROM outbox ORDER BY id');
    return rows.map((row) => JSON.parse(row.envelope) as { type: string; subject: string }).filter((event) => event.subject === subject).map((event) => event.type.replace('.v1', ''));
  }

  async liveCall(): Promise<string> {
    return eventually('a live call is stored', async () => (await this.db.query<{ id: string }>(`SELECT call_id AS id FROM calls WHERE state <> 'ended' ORDER BY started_at DESC LIMIT 1`))[0]?.id);
  }

  /** Keeps a table of the gateway's from everybody until it is freed; `wanted` resolves when somebody waits for it. */
  async locked(table: string): Promise<{ readonly wanted: () => Promise<unknown>; readonly free: () => Promise<void> }> {
    const session = await this.db.session();
    await session.run(`BEGIN; LOCK TABLE ${this.database.schema}.${table} IN ACCESS EXCLUSIVE MODE`);
    const waiting = `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = '${this.database.schema}.${table}'::regclass`;
    return {
      wanted: () => eventually(`somebody waits for ${table}`, async () => (await session.query(waiting)).length > 0, 20_000),
      free: () => session.close(),
    };
  }

  /** Ends what a test has left behind: its phones, gateways and ways. */
  async clear(): Promise<void> {
    for (const phone of this.phones.splice(0)) await phone.close();
    for (const gateway of this.gateways.splice(0)) await gateway.kill();
    for (const proxy of this.proxies.splice(0)) await proxy.close();
  }

  async close(): Promise<void> {
    await this.clear();
    await this.db.close();
    await this.rows.close();
    await this.asterisk.stop();
    await this.nats.stop();
    await this.postgres.stop();
    rmSync(this.files.folder, { recursive: true, force: true });
  }
}
