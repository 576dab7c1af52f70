import { newId } from '@troncal/kernel';
import { continueTrace, runInContext, type Histogram, type Metrics } from '@troncal/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setCaller } from '../security/caller.js';
import type { Doorkeeper } from '../security/doorkeeper.js';
import { sendProblem } from './problem.filter.js';
import { problem } from './problem.js';

export interface FrontHooks {
  readonly doorkeeper: Doorkeeper;
  readonly metrics: Metrics;
  /** Why no request can be served yet, if so. */
  readonly notYet: () => string | undefined;
}

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** What happens to every request before and after its controller, on Fastify's own hooks: they run for unknown paths and bad bodies too. */
export function installFrontHooks(fastify: FastifyInstance, { doorkeeper, metrics, notYet }: FrontHooks): void {
  const duration = metrics.histogram('troncal_http_request_seconds', 'Time from request to answer.', ['method', 'route', 'status']);

  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
    void reply.header('x-request-id', requestId);
    const traceparent = request.headers['traceparent'];
    // `done` inside, so that everything after this hook runs in the context.
    runInContext({ requestId, causationId: requestId, trace: continueTrace(typeof traceparent === 'string' ? traceparent : undefined) }, done);
  });

  fastify.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const { origin } = request.headers;
    if (origin !== undefined && doorkeeper.allows(origin)) {
      allowOrigin(reply, origin);
      if (request.method === 'OPTIONS') return reply.status(204).send();
    }
    const verdict = await doorkeeper.judge({ method: request.method, path, headers: request.headers, remoteAddress: request.socket.remoteAddress });
    if (!verdict.pass) return sendProblem(reply, verdict.problem);
    if (verdict.caller) setCaller(request, verdict.caller);
    const reason = path.startsWith('/health/') || path === '/metrics' ? undefined : notYet();
    return reason === undefined ? undefined : sendProblem(reply, problem(503, 'starting', reason));
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    observe(duration, request, reply);
    done();
  });
}

function allowOrigin(reply: FastifyReply, origin: string): void {
  void reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
    .header('access-control-allow-headers', 'authorization, content-type, idempotency-key, x-api-key, x-request-id')
    .header('access-control-max-age', '600')
    .header('vary', 'Origin');
}

function observe(duration: Histogram<'method' | 'route' | 'status'>, request: FastifyRequest, reply: FastifyReply): void {
  // The pattern, not the path: ids in labels would make a series per call.
  duration.observe({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) }, reply.elapsedTime / 1000);
}
