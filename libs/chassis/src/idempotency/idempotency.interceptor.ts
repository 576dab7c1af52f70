import { createHash } from 'node:crypto';
import { HttpException, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { backoffMs, pause, PermanentError, TroncalError, type Backoff } from '@troncal/kernel';
import type { IdempotencyStore, IdempotentRequest, StoredAnswer } from '@troncal/persistence';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { answersSecret } from '../http/answers-secret.js';
import { callerOf } from '../security/caller.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** Two minutes in all: longer than a request blocks its key. */
const KEEP_AGAIN: Backoff = { firstMs: 200, maxMs: 5_000 };
const KEEP_TRIES = 30;
const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A changing request with an Idempotency-Key is done once: the same again gets the stored answer (`Idempotency-Replayed: true`), the
 * same key with another request 422, one still in work 409. Refused and failed requests free their key. Answers with a secret are not kept.
 */
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly store: IdempotencyStore) {}

  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (host.getType() !== 'http') return next.handle();
    if (answersSecret(host.getHandler())) {
      void host.switchToHttp().getResponse<FastifyReply>().header('cache-control', 'no-store');
      return next.handle();
    }
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined || !CHANGING.has(request.method)) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) throw new PermanentError('bad_idempotency_key', 'The Idempotency-Key must be 1 to 255 visible ASCII characters.', { status: 400 });
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    return from(this.once(describe(request, key), reply, next));
  }

  private async once(request: IdempotentRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const stored = await this.store.begin(request);
    if (stored) {
      void reply.status(stored.status).header('idempotency-replayed', 'true');
      return JSON.parse(stored.body) ?? undefined;
    }
    const body = await this.work(request, next);
    await this.keep(request, { status: reply.statusCode, body: JSON.stringify(body ?? null) });
    return body;
  }

  private async work(request: IdempotentRequest, next: CallHandler): Promise<unknown> {
    try {
      const body: unknown = await this.store.within(request, () => lastValueFrom(next.handle(), { defaultValue: undefined }));
      return body;
    } catch (error) {
      // A failure nobody foresaw may have come after an effect: its key stays taken until it runs out, so that no quick retry doubles it.
      if (error instanceof TroncalError || error instanceof HttpException) await this.store.release(request).catch(() => {});
      throw error;
    }
  }

  /**
   * Notes the answer. What was done stays done, whatever becomes of its note: the key is not freed, or the next try would do it again. While
   * the database is away the note is made as soon as it is back.
   */
  private async keep(request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    try {
      await this.store.finish(request, answer);
    } catch {
      void this.keepLater(request, answer);
    }
  }

  private async keepLater(request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    for (let failures = 1; failures <= KEEP_TRIES; failures += 1) {
      await pause(backoffMs(KEEP_AGAIN, failures));
      const kept = await this.store.finish(request, answer).then(() => true, () => false);
      if (kept) return;
    }
  }
}

function describe(request: FastifyRequest, key: string): IdempotentRequest {
  const hash = createHash('sha256').update(request.url).update('\n').update(JSON.stringify(request.body ?? null));
  const route = request.routeOptions.url ?? request.url;
  return { scope: `${callerOf(request)?.keyId ?? 'public'} ${request.method} ${route}`, key, requestHash: hash.digest('hex') };
}
