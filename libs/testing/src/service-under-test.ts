import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inboxPrefix, type EventDefinition, type EventOf, type ServiceName } from '@troncal/contracts';
import { tailEvents, type SeenEvent, type Tail } from '@troncal/messaging';
import { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import { freePort } from './child-server.js';
import { startNats, type NatsServer } from './nats-server.js';
import { sharedPostgres, type TestDatabase } from './postgres-server.js';

/** What `index.ts` of every service exports. */
export type StartService = (env: Readonly<Record<string, string | undefined>>) => Promise<{ readonly url: string; close(): Promise<void> }>;

/** One service in this process, on a PostgreSQL database and a nats-server of its own, as its HTTP clients and the bus see it. */
export interface ServiceUnderTest {
  /** With a key of the platform. */
  readonly api: ApiClient;
  readonly nats: NatsServer;
  readonly database: TestDatabase;
  /** Every event on the bus since the start, in order. */
  readonly events: readonly SeenEvent[];
  /** With a key of this one tenant, which was named at the start. */
  apiOf(tenant: string): ApiClient;
  /** Waits for an event of this type that fits. */
  seen<Data>(definition: EventDefinition<Data>, fits?: (event: EventOf<Data>) => boolean): Promise<EventOf<Data>>;
  /** Stops the service and starts it again on the same database and bus. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceUnderTestOptions {
  /** Tenants that get a key of their own. */
  readonly tenants?: readonly string[];
  /** Further settings; a file is written and its path given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a service for one suite, which stops it. */
export async function startUnderTest(name: ServiceName, start: StartService, options: ServiceUnderTestOptions = {}): Promise<ServiceUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), `troncal-test-${name}-`));
  const keys = new Map(['*', ...(options.tenants ?? [])].map((tenant) => [tenant, `trk_${randomBytes(16).toString('hex')}`]));
  const [nats, postgres] = await Promise.all([startNats(), sharedPostgres()]);
  const database = await postgres.createDatabase(name);
  const login = nats.login(name);
  const port = await freePort();
  const env = {
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(port),
    API_KEYS_FILE: apiKeysFile(folder, keys),
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    NATS_URL: login.url,
    NATS_USER: login.user,
    NATS_PASSWORD: login.password,
    NATS_INBOX_PREFIX: inboxPrefix(login.user),
    LOG_LEVEL: 'silent',
    ...options.env,
    ...Object.fromEntries(Object.entries(options.files ?? {}).map(([variable, text]) => [variable, fileOf(folder, variable, text)])),
  };
  const events: SeenEvent[] = [];
  let service = await start(env);
  let tail: Tail | undefined;
  const ready = async (): Promise<void> => {
    await eventually(`${name} is ready`, async () => (await fetch(new URL('/health/ready', service.url))).status === 200, 30_000);
  };
  await ready();
  tail = await tailEvents(nats.observer, (event) => events.push(event), { since: new Date(0) });
  await tail.started;
  return {
    api: new ApiClient(service.url, keys.get('*')),
    nats,
    database,
    events,
    apiOf: (tenant) => new ApiClient(service.url, keys.get(tenant) ?? unnamed(tenant)),
    seen: (definition, fits = () => true) =>
      eventually(`${definition.type} on the bus`, () => {
        for (const { envelope } of events) {
          if (envelope.type !== definition.type) continue;
          const event = definition.read(envelope);
          if (fits(event)) return event;
        }
        return undefined;
      }),
    restart: async (more = {}) => {
      await service.close();
      service = await start({ ...env, ...more });
      await ready();
    },
    stop: async () => {
      await tail?.stop();
      await service.close();
      await nats.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An API_KEYS_FILE with one key per tenant (`*` is the platform). */
export function apiKeysFile(folder: string, keys: ReadonlyMap<string, string>): string {
  const entries = [...keys].map(([tenant, key]) => ({ id: tenant === '*' ? 'admin' : tenant, sha256: createHash('sha256').update(key).digest('hex'), tenant, scopes: ['*'] }));
  return fileOf(folder, 'api-keys.json', JSON.stringify({ keys: entries }));
}

function fileOf(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

function unnamed(tenant: string): never {
  throw new Error(`No key was made for the tenant ${tenant}: name it in \`tenants\`.`);
}
