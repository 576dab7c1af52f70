import fs from 'node:fs';
import type { ServiceName } from '@troncal/contracts';
import { Bus } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { Troncal } from './troncal.js';

const logger = createLogger({ service: 'chaos', level: 'silent' });

function secret(troncal: Troncal, name: string): string {
  const value = (JSON.parse(fs.readFileSync(troncal.layout.secretsFile, 'utf8')) as Record<string, string>)[name];
  if (value === undefined) throw new Error(`this Troncal has no secret ${name}`);
  return value;
}

/** A connection to NATS as one of the services, allowed what that service is allowed. */
export async function busAs(troncal: Troncal, service: ServiceName): Promise<Bus> {
  const bus = new Bus({ url: troncal.first.nats.url, user: service, password: secret(troncal, `nats.${service}`), logger });
  bus.start();
  await bus.connection();
  return bus;
}

/** A service's schema, as the role that the service itself has. */
export function databaseAs(troncal: Troncal, service: ServiceName): Database {
  const { host, port, database } = troncal.first.postgres;
  const schema = service.replaceAll('-', '_');
  return new Database({ url: `postgres://${schema}_app:${secret(troncal, `database.${schema}_app`)}@${host}:${port}/${database}`, schema, logger, applicationName: 'chaos', poolSize: 4, connectTimeoutMs: 2_000 });
}
