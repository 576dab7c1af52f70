import 'reflect-metadata';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { parseEnv, type Env } from '@troncal/config';
import type { ServiceName } from '@troncal/contracts';
import { BusTransport, MessagingModule } from '@troncal/messaging';
import { NestLogger, type Logger } from '@troncal/observability';
import type { z } from 'zod';
import { baseEnv, type BaseConfig } from '../base-env.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { installFrontHooks } from '../http/front-hooks.js';
import { oneOf } from '../http/paths.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { keepRawBodies } from '../http/raw-bodies.js';
import { IdempotencyInterceptor } from '../idempotency/idempotency.interceptor.js';
import { ApiKeys } from '../security/api-keys.js';
import { Doorkeeper } from '../security/doorkeeper.js';
import { ObservabilityModule, PersistenceModule } from './chassis.module.js';
import { surround, type Surroundings } from './surroundings.js';

/** What a service is, for the chassis. */
export interface ServiceDefinition<Shape extends (typeof baseEnv)['shape']> {
  readonly name: ServiceName;
  /** `baseEnv`, or `baseEnv.extend({ … })`. */
  readonly env: z.ZodObject<Shape>;
  /** Folder of `0001_….sql` files. */
  readonly migrations: string;
  /** The composition root. */
  readonly module: Type | DynamicModule;
  /** PostgreSQL schema; the name with underscores when absent. */
  readonly schema?: string;
  /** Paths that need no API key because they check who asks in their own way; exact, or ending in `/*`. */
  readonly publicPaths?: readonly string[];
  /** Paths whose bodies come to their controllers as bytes, unparsed, because a signature covers them; exact, or ending in `/*`. */
  readonly rawBodyPaths?: readonly string[];
  /** Paths that are served before the schema is up to date, and so when PostgreSQL was away at the start: their controllers do without it; exact, or ending in `/*`. */
  readonly schemaFreePaths?: readonly string[];
  /** Bytes of a request's body at most; 1 MiB when absent. */
  readonly bodyLimit?: number;
  /** The same of single routes, by their path as it is declared (`/api/things/:id`): for those that take many things at once. */
  readonly bodyLimits?: Readonly<Record<string, number>>;
}

/** A running service. */
export interface RunningService {
  readonly name: string;
  /** Where its HTTP answers, for example http://127.0.0.1:41234 */
  readonly url: string;
  /** A provider of the application, for tests and the launcher. */
  get<T>(token: Type<T> | symbol): T;
  /** How long `close` may take, ms, before whoever runs the process ends it anyway; 25 s when absent. */
  readonly stopWithinMs?: number;
  /** Takes no new work, ends the work at hand, closes everything. Idempotent. */
  close(): Promise<void>;
}

/** Test seams; production passes none. */
export interface RunOptions {
  readonly logger?: Logger;
  /** How long an unacknowledged event waits for its redelivery. */
  readonly ackWaitMs?: number;
  /** How long a request that never ended blocks its Idempotency-Key. */
  readonly inFlightMs?: number;
}

@Module({})
class RootModule {}

/**
 * Starts a service: parses its settings (ConfigError with every fault), listens, and connects to PostgreSQL and NATS in the background.
 * It is up at once and ready when both are there; when one goes away it stays up, not ready, and recovers by itself.
 */
export async function runNestService<Shape extends (typeof baseEnv)['shape']>(
  definition: ServiceDefinition<Shape>,
  env: Env,
  options: RunOptions = {},
): Promise<RunningService> {
  // The service's schema first, for it names every fault; its base part again for the chassis' own use.
  const settings = parseEnv(definition.env, env);
  const config = parseEnv(baseEnv, env);
  const surrounded = await surround({
    name: definition.name,
    schema: definition.schema ?? definition.name.replaceAll('-', '_'),
    migrations: definition.migrations,
    config,
    ...options,
  });
  const { around } = surrounded;
  try {
    const app = await createApp(definition, settings, config, around);
    const url = await listen(app, config, around);
    around.logger.info({ url }, 'listening');
    return { name: definition.name, url, get: (token) => app.get(token, { strict: false }), close: closer(app, surrounded) };
  } catch (error) {
    await surrounded.close();
    throw error;
  }
}

async function createApp<Shape extends (typeof baseEnv)['shape']>(
  definition: ServiceDefinition<Shape>,
  settings: unknown,
  config: BaseConfig,
  around: Surroundings,
): Promise<NestFastifyApplication> {
  const keys = new ApiKeys(config.API_KEYS_FILE, around.logger);
  await keys.load();
  const root: DynamicModule = {
    module: RootModule,
    imports: [PersistenceModule.register(around), ObservabilityModule.register(around, settings), MessagingModule.register(around), DeadLettersModule.register(around), definition.module],
  };
  const bodyLimit = definition.bodyLimit ?? 1_048_576;
  const adapter = new FastifyAdapter({ bodyLimit, requestTimeout: 30_000, forceCloseConnections: 'idle', return503OnClosing: true });
  adapter.getInstance().addHook('onRoute', (route) => {
    const limit = definition.bodyLimits?.[route.url];
    if (limit !== undefined) route.bodyLimit = limit;
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: new NestLogger(around.logger), abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(around.logger));
  app.useGlobalInterceptors(new IdempotencyInterceptor(around.idempotency));
  if (definition.rawBodyPaths) keepRawBodies(app, bodyLimit, oneOf(definition.rawBodyPaths));
  const doorkeeper = new Doorkeeper(keys, config.ALLOWED_ORIGINS, definition.publicPaths ?? []);
  installFrontHooks(adapter.getInstance(), { doorkeeper, metrics: around.metrics, spans: around.spans, notYet: () => around.schema.notYet, schemaFree: oneOf(definition.schemaFreePaths ?? []) });
  app.connectMicroservice({ strategy: new BusTransport(around.bus, around.logger, around.spans, around.replica) });
  return app;
}

async function listen(app: NestFastifyApplication, config: BaseConfig, around: Surroundings): Promise<string> {
  await app.init();
  // Not awaited: both the schema and NATS may be long in coming, and the service must be up without them. Commands are taken when
  // there are tables to carry them out on; until then their askers hear at once that nobody answers.
  void around.schema.ready().then(() => app.startAllMicroservices());
  await app.listen(config.HTTP_PORT, config.HTTP_HOST);
  const address = app.getHttpServer().address();
  if (typeof address !== 'object' || address === null) throw new Error('The HTTP server has no address.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

function closer(app: NestFastifyApplication, surrounded: Awaited<ReturnType<typeof surround>>): () => Promise<void> {
  const { around } = surrounded;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    around.health.stop();
    around.logger.info('shutting down');
    // Nest: consumers stop first (beforeApplicationShutdown), then HTTP and commands end, each after the work at hand.
    await app.close();
    await surrounded.close();
    around.logger.info('stopped');
  };
  return () => (closing ??= close());
}
