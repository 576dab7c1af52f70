import { ApiKeys, Doorkeeper, installFrontHooks, sendProblem, toProblem, type RunningService } from '@troncal/chassis';
import { parseEnv, type Env } from '@troncal/config';
import { OPEN_SEGMENTS } from '@troncal/contracts';
import { createLogger, Metrics, openTracing, traceSettings } from '@troncal/observability';
import { fastify, type FastifyInstance } from 'fastify';
import { frontDoorEnv } from './config.js';
import { registerOwnRoutes } from './own-routes.js';
import { registerProxies } from './proxy.js';
import { readinessOf } from './readiness.js';
import { StreamPass } from './stream-pass.js';

/** A request must have arrived whole within this; Fastify's default is for ever. */
const REQUEST_MS = 120_000;

/** Starts the front door with these settings; several may run in one process. @throws ConfigError with every wrong setting */
export async function startService(env: Env): Promise<Pick<RunningService, 'name' | 'url' | 'close'>> {
  const config = parseEnv(frontDoorEnv, env);
  const logger = createLogger({ service: 'front-door', level: config.LOG_LEVEL });
  const metrics = new Metrics('front-door', { process: config.PROCESS_METRICS });
  const tracing = traceSettings('front-door', config);
  const spans = tracing && (await openTracing(tracing, metrics, logger));
  const health = readinessOf(config);
  const keys = new ApiKeys(config.API_KEYS_FILE, logger);
  await keys.load();
  const app = fastify({
    requestTimeout: REQUEST_MS,
    forceCloseConnections: 'idle',
    // An address that is no address (`/%zz`) never gets to the hooks and handlers.
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, toProblem(error).problem);
    },
  });
  installFrontHooks(app, { doorkeeper: new Doorkeeper(keys, config.ALLOWED_ORIGINS, Object.keys(OPEN_SEGMENTS).map((segment) => `/${segment}/*`)), metrics, spans, notYet: () => undefined });
  registerOwnRoutes(app, { health, metrics, logger });
  await registerProxies(app, config.UPSTREAMS);
  const streams = new StreamPass(config.UPSTREAMS, logger);
  streams.serve(app.server);
  const url = await listen(app, config.HTTP_HOST, config.HTTP_PORT);
  logger.info({ url }, 'listening');
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    health.stop();
    streams.close();
    await app.close();
    await spans?.close();
    logger.info('stopped');
  };
  return { name: 'front-door', url, close: () => (closing ??= close()) };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The HTTP server has no address.');
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}
