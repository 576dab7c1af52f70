import { newId } from '@troncal/kernel';
import { continueTrace, parseTraceparent, runInContext, type Histogram, type Metrics, type Span, type SpanMaker } from '@troncal/observability';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setCaller } from '../security/caller.js';
import type { Doorkeeper } from '../security/doorkeeper.js';
import { sendProblem } from './problem.filter.js';
import { problem } from './problem.js';

export interface FrontHooks {
  readonly doorkeeper: Doorkeeper;
  readonly metrics: Metrics;
  /** Where the spans of requests go; absent while tracing is off. */
  readonly spans?: SpanMaker | undefined;
  /** Why no request can be served yet, if so. */
  readonly notYet: () => string | undefined;
  /** Paths that are served all the same. */
  readonly schemaFree?: (path: string) => boolean;
}

const REQUEST_ID = /^[\w.-]{1,64}$/;

/** What happens to every request before and after its controller, on Fastify's own hooks: they run for unknown paths and bad bodies too. */
export function installFrontHooks(fastify: FastifyInstance, { doorkeeper, metrics, spans, notYet, schemaFree = () => false }: FrontHooks): void {
  const duration = metrics.histogram('troncal_http_request_seconds');

  const open = new WeakMap<FastifyRequest, Span>();

  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : newId();
    void reply.header('x-request-id', requestId);
    const sent = request.headers['traceparent'];
    const traceparent = typeof sent === 'string' ? sent : undefined;
    const span = spans && begin(spans, request, traceparent);
    if (span) open.set(request, span);
    // `done` inside, so that everything after this hook runs in the context.
    runInContext({ requestId, causationId: requestId, trace: span?.trace ?? continueTrace(traceparent), ...(spans && { spans }) }, done);
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
    const reason = path.startsWith('/health/') || path === '/metrics' || schemaFree(path) ? undefined : notYet();
    return reason === undefined ? undefined : sendProblem(reply, problem(503, 'starting', reason));
  });

  fastify.addHook('onResponse', (request, reply, done) => {
    observe(duration, request, reply);
    finish(open.get(request), reply);
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

/** Health and metrics are asked all day long and tell nothing in a trace. */
function begin(spans: SpanMaker, request: FastifyRequest, traceparent: string | undefined): Span | undefined {
  const route = request.routeOptions.url ?? 'unknown';
  if (route.startsWith('/health/') || route === '/metrics') return undefined;
  const parent = parseTraceparent(traceparent);
  const attributes = { 'http.request.method': request.method, 'http.route': route, 'url.path': route, 'url.scheme': request.protocol };
  return spans.open(`${request.method} ${route}`, { kind: 'server', attributes, ...(parent && { parent }) });
}

function finish(span: Span | undefined, reply: FastifyReply): void {
  span?.set({ 'http.response.status_code': reply.statusCode });
  // By the semantic conventions a refusal is the client's affair; only our own faults mark the span.
  if (reply.statusCode >= 500) span?.fail(new Error(`answered ${reply.statusCode}`));
  span?.end();
}

function observe(duration: Histogram<'method' | 'route' | 'status'>, request: FastifyRequest, reply: FastifyReply): void {
  // The pattern, not the path: ids in labels would make a series per call.
  duration.observe({ method: request.method, route: request.routeOptions.url ?? 'unknown', status: String(reply.statusCode) }, reply.elapsedTime / 1000);
}
