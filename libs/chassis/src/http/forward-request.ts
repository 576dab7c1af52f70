import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { errorText, TransientError } from '@troncal/kernel';
import type { HeldElsewhere } from '@troncal/messaging';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Marks a request that a replica has passed on: it is not passed on again. */
const FORWARDED = 'x-troncal-forwarded';
const DEADLINE_MS = 10_000;
/** Who asks, what for, and what makes it the same request again. */
const ASKED = ['authorization', 'x-api-key', 'content-type', 'accept', 'idempotency-key', 'x-request-id', 'traceparent'];
const ANSWERED = ['content-type', 'content-disposition', 'idempotency-replayed', 'retry-after', 'cache-control', 'location'];

/** False for a request that was passed on to us already. */
export function mayForward(request: FastifyRequest): boolean {
  return request.headers[FORWARDED] === undefined;
}

/** Has the replica that holds what was asked for answer, and passes its answer on. @throws TransientError `holder_away` (503) */
export async function forwardRequest(request: FastifyRequest, reply: FastifyReply, { other }: HeldElsewhere, deadlineMs = DEADLINE_MS): Promise<void> {
  const headers = new Headers({ [FORWARDED]: '1' });
  for (const name of ASKED) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const body = request.body === undefined || request.body === null ? undefined : JSON.stringify(request.body);
  let answer: Response;
  // Until the answer begins: a recording may take longer to be sent.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  try {
    answer = await fetch(sameAt(other.url, request.url), { method: request.method, headers, redirect: 'manual', signal: late.signal, ...(body === undefined ? {} : { body }) });
  } catch (error) {
    throw new TransientError('holder_away', `${other.name}, in whose hands it is, does not answer at ${other.url}: ${errorText(error)}.`, { cause: error, remedy: 'Ask again: another replica takes over within seconds.' });
  } finally {
    clearTimeout(timer);
  }
  void reply.status(answer.status);
  for (const name of ANSWERED) {
    const value = answer.headers.get(name);
    if (value !== null) void reply.header(name, value);
  }
  await reply.send(answer.body ? Readable.fromWeb(answer.body as ReadableStream) : undefined);
}

/** What was asked for, at the replica. A request line may name another host (`POST http://…`, RFC 9112 section 3.2.2): only its path and query count. */
function sameAt(replica: string, asked: string): URL {
  const target = new URL(replica);
  const { pathname, search } = new URL(asked, replica);
  target.pathname = pathname;
  target.search = search;
  return target;
}
