import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ASTERISK_ENVIRONMENT, asteriskCommand, EDGE_READER, edgeDatabaseSql, renderEdge, type EdgeValues } from '@troncal/asterisk';
import { createLogger } from '@troncal/observability';
import { ensurePart } from '@troncal/parts';
import { Database, migrate } from '@troncal/persistence';
import { freePort, killServer, spawnServer } from './child-server.js';
import { eventually } from './eventually.js';
import type { PostgresServer, TestDatabase } from './postgres-server.js';

/** A real Asterisk 22 with the edge's own configuration, on free loopback ports. */
export interface AsteriskServer {
  readonly sipPort: number;
  readonly ari: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  readonly ami: { readonly host: string; readonly port: number; readonly user: string; readonly password: string };
  readonly values: EdgeValues;
  /** The log so far: notices, warnings, errors. */
  log(): string;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, same ports, same state folder. */
  restart(): Promise<void>;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
}

export interface AsteriskServerOptions {
  /** From `createEdgeDatabase`; without one Asterisk knows no phone, and complains in its log. */
  readonly database?: TestDatabase;
  /** `ws://host:port/media`; nobody listens there when absent. */
  readonly mediaUrl?: string;
  /** `host:port` for legs over AudioSocket; they end at once when absent. */
  readonly audioSocket?: string;
  readonly realm?: string;
  /** Its name, which begins the ids of its channels; `edge-test` when absent. */
  readonly edgeId?: string;
}

const READER_PASSWORD = 'reader-of-tests';
const PASSWORD = 'password-of-tests';

/** A fresh database with ari-gateway's tables and the views that Asterisk reads. */
export async function createEdgeDatabase(postgres: PostgresServer): Promise<TestDatabase> {
  const database = await postgres.createDatabase('ari-gateway');
  const logger = createLogger({ service: 'testing', level: 'silent' });
  const admin = new Database({ url: database.adminUrl, schema: 'public', logger, applicationName: 'troncal tests', poolSize: 1, connectTimeoutMs: 1_000 });
  try {
    const names = { database: nameIn(database.ownerUrl), ownerRole: new URL(database.ownerUrl).username, readerPassword: READER_PASSWORD };
    for (const statement of edgeDatabaseSql(names)) await admin.run(statement);
  } finally {
    await admin.close();
  }
  const folder = fileURLToPath(new URL('../../../services/ari-gateway/migrations/', import.meta.url));
  await migrate({ ownerUrl: database.ownerUrl, schema: database.schema, appRole: database.appRole, sets: [{ set: 'ari-gateway', folder }], logger });
  return database;
}

/** Starts an edge; resolves when ARI answers. */
export async function startAsterisk(options: AsteriskServerOptions = {}): Promise<AsteriskServer> {
  const part = await ensurePart('asterisk');
  const folder = mkdtempSync('/tmp/troncal edge-');
  const [sipPort, ariPort, amiPort, nowhere] = [await freePort(), await freePort(), await freePort(), await freePort()];
  // Below the ports that `freePort` gives: a call's media on the SIP port of an edge that starts just then would leave that one deaf.
  const rtpStart = 20_000 + 2 * Math.floor(Math.random() * 4_900);
  const values: EdgeValues = {
    edgeId: options.edgeId ?? 'edge-test',
    sip: { bind: '127.0.0.1', port: sipPort, realm: options.realm ?? 'troncal' },
    rtp: { start: rtpStart, end: rtpStart + 199 },
    ari: { bind: '127.0.0.1', port: ariPort, user: 'gateway', password: PASSWORD },
    ami: { bind: '127.0.0.1', port: amiPort, user: 'gateway', password: PASSWORD },
    postgres: { ...postgresOf(options.database, nowhere), user: EDGE_READER, password: READER_PASSWORD },
    mediaUrl: options.mediaUrl ?? `ws://127.0.0.1:${nowhere}/media`,
    ...(options.audioSocket === undefined ? {} : { audioSocket: options.audioSocket }),
    dirs: { modules: part.modulesDir, data: part.dataDir, music: part.mohDir ?? part.dataDir, sounds: `${folder}/sounds`, state: `${folder}/state` },
  };
  const etc = join(folder, 'etc');
  renderEdge(values, etc);
  const ari = { host: '127.0.0.1', port: ariPort, user: 'gateway', password: PASSWORD };
  const start = async (): Promise<ReturnType<typeof spawnServer>> => {
    const child = spawnServer(asteriskCommand(part, etc), { cwd: folder, env: ASTERISK_ENVIRONMENT, stdio: 'ignore' });
    await eventually('Asterisk answers over ARI', () => answers(ari), 30_000);
    return child;
  };
  let child = await start();
  return {
    sipPort,
    ari,
    ami: { host: '127.0.0.1', port: amiPort, user: 'gateway', password: PASSWORD },
    values,
    log: () => readFileSync(join(folder, 'state/log/messages.log'), 'utf8'),
    kill: () => killServer(child),
    restart: async () => {
      child = await start();
    },
    stop: async () => {
      await killServer(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(ari: AsteriskServer['ari']): Promise<boolean> {
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  const response = await fetch(`http://${ari.host}:${ari.port}/ari/asterisk/info?only=status`, { headers: { authorization } });
  await response.arrayBuffer();
  return response.ok;
}

function postgresOf(database: TestDatabase | undefined, nowhere: number): { host: string; port: number; database: string } {
  if (!database) return { host: '127.0.0.1', port: nowhere, database: 'none' };
  const url = new URL(database.appUrl);
  return { host: url.hostname, port: Number(url.port), database: nameIn(database.appUrl) };
}

const nameIn = (url: string): string => new URL(url).pathname.slice(1);
