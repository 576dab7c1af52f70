import httpProxy from '@fastify/http-proxy';
import { API_SEGMENTS, OPEN_SEGMENTS, problemType, type Problem, type ServiceName } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { currentContext, formatTraceparent } from '@troncal/observability';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ReplicaChoice } from './replica-choice.js';
import type { Upstreams } from './upstreams.js';

/** How long a service may take to begin its answer, and between two pieces of it. */
const ANSWER_MS = 60_000;
const CONNECT_MS = 2_000;
const UNKNOWN = 'Whether the request took effect is not known: read before you ask again, or use an Idempotency-Key.';

/**
 * Sends `/api/<segment>/…` and `/<open segment>/…` to the service that owns the segment, body and answer streamed, path and query as they came. Headers go
 * along, but for `Origin`, which is held against this address here and would be foreign to the service’s.
 */
export async function registerProxies(app: FastifyInstance, upstreams: Upstreams): Promise<void> {
  await app.register(async (unread) => {
    // Fastify 5.12 reads text/plain whole by itself; here nothing is read, everything goes through.
    unread.removeAllContentTypeParsers();
    await registerAll(unread, upstreams);
  });
}

async function registerAll(app: FastifyInstance, upstreams: Upstreams): Promise<void> {
  const choices = new Map<ServiceName, ReplicaChoice>();
  const prefixes = [...Object.entries(API_SEGMENTS).map(([segment, service]) => [`/api/${segment}`, service] as const), ...Object.entries(OPEN_SEGMENTS).map(([segment, service]) => [`/${segment}`, service] as const)];
  for (const [prefix, service] of prefixes) {
    const origins = upstreams[service];
    if (origins === undefined) {
      for (const url of [prefix, `${prefix}/*`]) app.all(url, (_request, reply) => {
        answerAway(reply, service, NO_ADDRESS);
      });
      continue;
    }
    const choice = choices.get(service) ?? new ReplicaChoice(origins);
    choices.set(service, choice);
    await app.register(httpProxy, {
      upstream: origins.length === 1 ? origins[0] : '',
      prefix,
      rewritePrefix: prefix,
      disableRequestLogging: true,
      // Without it the agent, and with it the process, lives on after close().
      destroyAgent: true,
      undici: { headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS, connect: { timeout: CONNECT_MS }, connections: 128 },
      replyOptions: {
        // @fastify/reply-from 12 asks again up to ten times by itself when a GET is answered 503: the client shall hear it at once.
        retryDelay: () => null,
        ...(origins.length > 1 && { getUpstream: () => choice.origin }),
        rewriteRequestHeaders: (request, headers) => forwarded(request, headers),
        onError: (reply, { error }) => {
          const trouble = troubleOf(error);
          if (trouble.code === SERVICE_AWAY) choice.unreachable(choice.origin);
          answerAway(reply as FastifyReply, service, trouble);
        },
      },
    });
  }
}

function forwarded(request: { readonly id?: unknown }, { origin: _origin, ...headers }: Record<string, string | string[] | undefined>): typeof headers {
  const context = currentContext();
  return { ...headers, 'x-request-id': context?.requestId ?? String(request.id), ...(context && { traceparent: formatTraceparent(context.trace) }) };
}

/** Nobody listened, so nothing was done. */
const SERVICE_AWAY = 'service_away';
const NO_ADDRESS: Trouble = { status: 503, code: SERVICE_AWAY, title: 'Service away', said: 'has no address here, so nothing was done: name it in UPSTREAMS.' };

/** What went wrong on the way to a service, for the asker. */
interface Trouble {
  readonly status: 502 | 503 | 504;
  readonly code: string;
  readonly title: string;
  readonly said: string;
}

const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

function troubleOf(error: Error): Trouble {
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const text = errorText(cause);
  if (NEVER_CONNECTED.has(code)) return { status: 503, code: SERVICE_AWAY, title: 'Service away', said: `can't be reached (${text}), so nothing was done. Try again in a moment.` };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { status: 504, code: 'service_slow', title: 'Service too slow', said: `took longer than ${ANSWER_MS / 1000} s. ${UNKNOWN}` };
  return { status: 502, code: 'service_broke_off', title: 'Service broke off', said: `broke off before it had answered (${text}). ${UNKNOWN}` };
}

function answerAway(reply: FastifyReply, service: ServiceName, trouble: Trouble): void {
  const { status, code, title, said } = trouble;
  const problem: Problem = { type: problemType(code), title, status, code, detail: `${service} ${said} GET /health/ready shows how it is.`, instance: reply.request.url };
  void reply.code(status).header('retry-after', '2').type('application/problem+json').send(problem);
}
