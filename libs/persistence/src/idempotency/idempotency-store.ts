import { AsyncLocalStorage } from 'node:async_hooks';
import { crashPoint } from '@troncal/config';
import { PermanentError } from '@troncal/kernel';
import type { Database } from '../postgres/database.js';
import type { Queryable, Tx } from '../postgres/tx.js';

/** An answer as it was given. */
export interface StoredAnswer {
  readonly status: number;
  /** JSON text. */
  readonly body: string;
}

/** Whose key it is: the same key of two clients, or at two addresses, is two keys. */
export interface IdempotentRequest {
  /** Client and route, for example `key-id POST /api/calls`. */
  readonly scope: string;
  readonly key: string;
  /** Hash of the body: the same key with another body is a mistake of the client. */
  readonly requestHash: string;
}

interface KeyRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly body: string | null;
  readonly expired: boolean;
}

/**
 * Answers to requests that carried an Idempotency-Key (the IETF draft of that name): the same request again gets the same answer,
 * and the work is not done twice.
 */
export class IdempotencyStore {
  private readonly current = new AsyncLocalStorage<IdempotentRequest>();

  /** @param inFlightMs how long a request that never ended (its process died) blocks its key; one minute when absent */
  constructor(
    private readonly db: Database,
    private readonly inFlightMs = 60_000,
  ) {}

  /**
   * Claims the key, or returns the answer that the same request was given before.
   * @throws PermanentError `idempotency_key_reused` (422): the key came with another body; `request_in_flight` (409): it is being worked on
   */
  async begin(request: IdempotentRequest): Promise<StoredAnswer | undefined> {
    return this.db.transaction(async (tx) => {
      const claimed = await tx.run(
        `INSERT INTO idempotency_key (scope, key, request_hash, locked_until) VALUES ($1, $2, $3, now() + $4 * interval '1 millisecond') ON CONFLICT DO NOTHING`,
        [request.scope, request.key, request.requestHash, this.inFlightMs],
      );
      if (claimed === 1) return undefined;
      const [row] = await tx.query<KeyRow>(
        'SELECT request_hash, status, body, locked_until < now() AS expired FROM idempotency_key WHERE scope = $1 AND key = $2 FOR UPDATE',
        [request.scope, request.key],
      );
      if (!row) return undefined;
      const answer = settle(row, request);
      if (!answer) {
        await tx.run(`UPDATE idempotency_key SET locked_until = now() + $3 * interval '1 millisecond' WHERE scope = $1 AND key = $2`, [
          request.scope,
          request.key,
          this.inFlightMs,
        ]);
      }
      return answer;
    });
  }

  /** Does the work of a request that has claimed its key; `record` then knows it. */
  within<T>(request: IdempotentRequest, work: () => T): T {
    return this.current.run(request, work);
  }

  /**
   * Keeps the answer in the transaction of the effect. A use case that does this makes "once" hold through a crash too: otherwise a process
   * that dies between the commit and the answer leaves the key blocked for a while and then free. Does nothing for a request without a key.
   */
  async record(tx: Tx, status: number, body: unknown): Promise<void> {
    const request = this.current.getStore();
    if (request) await save(tx, request, { status, body: JSON.stringify(body ?? null) });
  }

  /** Keeps the answer for the key's further uses, unless `record` has done so. */
  async finish(request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    crashPoint('idempotency.before-commit');
    await save(this.db, request, answer);
    crashPoint('idempotency.after-commit');
  }

  /** Frees the key: the request failed in a way that trying again may mend. */
  async release(request: IdempotentRequest): Promise<void> {
    await this.db.run('DELETE FROM idempotency_key WHERE scope = $1 AND key = $2 AND status IS NULL', [request.scope, request.key]);
  }

  /** Forgets keys older than `keepMs`; clients may rely on a day. */
  async clean(keepMs = 86_400_000): Promise<number> {
    return this.db.run(`DELETE FROM idempotency_key WHERE created_at < now() - $1 * interval '1 millisecond'`, [keepMs]);
  }
}

async function save(on: Queryable, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  await on.run('UPDATE idempotency_key SET status = $3, body = $4 WHERE scope = $1 AND key = $2 AND status IS NULL', [
    request.scope,
    request.key,
    answer.status,
    answer.body,
  ]);
}

function settle(row: KeyRow, request: IdempotentRequest): StoredAnswer | undefined {
  if (row.request_hash !== request.requestHash) {
    throw new PermanentError('idempotency_key_reused', 'This Idempotency-Key was used before with another request.', {
      status: 422,
      remedy: 'Use a new key for a new request.',
    });
  }
  if (row.status !== null && row.body !== null) return { status: row.status, body: row.body };
  if (row.expired) return undefined;
  throw new PermanentError('request_in_flight', 'The first request with this Idempotency-Key is still being worked on.', {
    status: 409,
    remedy: 'Ask again in a few seconds with the same key.',
  });
}
