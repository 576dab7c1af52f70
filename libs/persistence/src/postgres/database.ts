import { crashPoint } from '@troncal/config';
import { inSpan, type Logger } from '@troncal/observability';
import pg from 'pg';
import { isRetryable, toDatabaseError } from './database-errors.js';
import { Session } from './session.js';
import { asQuery, type Prepared, type Queryable, type Tx } from './tx.js';
import { columnTypes } from './column-types.js';

const DEFAULT_POOL_SIZE = 10;

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  readonly url: string;
  /** The service's schema; becomes the search_path, so SQL names tables without it. */
  readonly schema: string;
  readonly logger: Logger;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Connections at most; 10 when absent. */
  readonly poolSize?: number;
  /** Connections kept open though idle, so that the first work after a quiet time needn't wait for one (measured: 40 to 200 ms); 0 when absent. */
  readonly keepOpen?: number;
  /** A connection above those that was idle for this long is closed; 30 s when absent. */
  readonly idleMs?: number;
  /** A statement running longer is cancelled by the server; 15 s when absent. */
  readonly statementTimeoutMs?: number;
  /** A transaction in which no statement comes for longer is ended by the server; 10 s when absent: hardly one of ours waits for anything but the database, and none for longer than a second. */
  readonly idleInTransactionMs?: number;
  /** Waiting for a connection longer fails with `database_away`; 3 s when absent. */
  readonly connectTimeoutMs?: number;
}

export interface TransactionOptions {
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** How often the function is run again after a serialization failure or deadlock; 3 when absent. */
  readonly retries?: number;
}

/**
 * A pool of connections to one service's schema. It starts and stays usable while PostgreSQL is away: calls then reject with
 * TransientError `database_away`, and work again when it is back. Connections that die while idle are logged and replaced.
 */
export class Database implements Queryable {
  private readonly pool: pg.Pool;
  readonly schema: string;

  constructor(private readonly options: DatabaseOptions) {
    this.schema = options.schema;
    this.pool = new pg.Pool({ ...this.clientConfig(), max: options.poolSize ?? DEFAULT_POOL_SIZE, min: options.keepOpen ?? 0, idleTimeoutMillis: options.idleMs ?? 30_000 });
    // An 'error' event without a listener ends the process. The pool listens to idle connections alone: one that breaks in somebody's hands tells
    // by the next statement, if there is one.
    this.pool.on('connect', (client) => client.on('error', () => {}));
    this.pool.on('error', (error) => options.logger.warn({ err: error }, 'an idle database connection was lost'));
  }

  async query<Row extends object>(text: string | Prepared, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.execute(text, values)).rows as Row[];
  }

  async run(text: string | Prepared, values: readonly unknown[] = []): Promise<number> {
    return (await this.execute(text, values)).rowCount ?? 0;
  }

  /**
   * Runs `work` in one transaction: commits when it returns, rolls back when it throws. `work` is run again after a serialization
   * failure or a deadlock, so it must do nothing outside the transaction. When the connection dies during the commit the outcome is
   * unknown and the call rejects with `database_away`: make the work idempotent (inbox, unique keys).
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const attributes = { 'db.system.name': 'postgresql', 'db.namespace': this.schema, 'db.operation.name': 'transaction' };
    return inSpan(`transaction ${this.schema}`, { kind: 'client', attributes }, () => this.attempts(work, options));
  }

  /** A connection of one's own, for LISTEN and session locks; the caller closes it. */
  async session(): Promise<Session> {
    return Session.open(this.clientConfig(), this.options.logger);
  }

  /** Does the work unless somebody does some of that name already, in whichever process. The lock ends with the process, however it ends. */
  async tryExclusively(name: string, work: () => Promise<void>): Promise<void> {
    const session = await this.session();
    try {
      if (await session.tryLock(name)) await work();
    } finally {
      await session.close();
    }
  }

  /** Opens the connections of `keepOpen` now. @throws TransientError `database_away` */
  async warm(): Promise<void> {
    const opening = await Promise.allSettled(Array.from({ length: this.options.keepOpen ?? 0 }, () => this.pool.connect()));
    for (const each of opening) if (each.status === 'fulfilled') each.value.release();
    const failed = opening.find((each) => each.status === 'rejected');
    if (failed) throw toDatabaseError(failed.reason);
  }

  /** True when a statement gets through now. */
  async ping(): Promise<boolean> {
    const [row] = await this.query<{ one: number }>('SELECT 1 AS one');
    return row?.one === 1;
  }

  /** Connections in use, and callers for whom none is left. */
  load(): { readonly total: number; readonly idle: number; readonly waiting: number } {
    const { totalCount: total, idleCount: idle, waitingCount } = this.pool;
    // pg counts each caller as waiting until the next turn of the event loop, also while connections are idle or may still be opened.
    const free = idle + (this.options.poolSize ?? DEFAULT_POOL_SIZE) - total;
    return { total, idle, waiting: Math.max(0, waitingCount - free) };
  }

  /** Waits for running statements and closes every connection. */
  async close(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
  }

  private async attempts<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
    for (let retriesLeft = options.retries ?? 3; ; retriesLeft -= 1) {
      try {
        return await this.attempt(work, options);
      } catch (error) {
        if (retriesLeft <= 0 || !isRetryable(error)) throw toDatabaseError(error);
      }
    }
  }

  private async execute(text: string | Prepared, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    try {
      return await this.pool.query<Record<string, unknown>>(asQuery(text, values));
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
    const client = await this.pool.connect();
    const tx = new OpenTx(client);
    let broken: Error | undefined;
    let committed = false;
    try {
      await client.query(options.isolation ? `BEGIN ISOLATION LEVEL ${options.isolation}` : 'BEGIN');
      const result = await work(tx);
      tx.close();
      crashPoint('transaction.before-commit');
      // COMMIT of a failed transaction answers ROLLBACK without an error (PostgreSQL 18): a swallowed error inside `work` must not look committed.
      const done = await client.query('COMMIT');
      if (done.command !== 'COMMIT') throw new Error('The transaction was rolled back: a statement in it had failed and the error was swallowed.');
      crashPoint('transaction.after-commit');
      committed = true;
      return result;
    } catch (error) {
      tx.close();
      await client.query('ROLLBACK').catch((failed: Error) => (broken = failed));
      throw error;
    } finally {
      client.release(broken);
      if (committed) tx.wake();
    }
  }

  private clientConfig(): pg.ClientConfig {
    return {
      connectionString: this.options.url,
      application_name: this.options.applicationName,
      statement_timeout: this.options.statementTimeoutMs ?? 15_000,
      // The server's cancellation is the rule; this is for a server that does not answer at all.
      query_timeout: (this.options.statementTimeoutMs ?? 15_000) + 5_000,
      connectionTimeoutMillis: this.options.connectTimeoutMs ?? 3_000,
      // A transaction whose process was frozen or cut off must not hold its locks: whoever takes over waits for them.
      idle_in_transaction_session_timeout: this.options.idleInTransactionMs ?? 10_000,
      keepAlive: true,
      options: `-c search_path=${this.schema}`,
      types: columnTypes,
    };
  }
}

/**
 * A transaction on a pooled connection. Closed before its end is told to the server: work that was given up (a handler past its deadline) may go on,
 * and a late statement of it would run in whatever transaction has the connection next.
 */
class OpenTx implements Tx {
  private readonly after: (() => void)[] = [];
  private open = true;

  constructor(private readonly client: pg.PoolClient) {}

  async query<Row extends object>(text: string | Prepared, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.execute(text, values)).rows as Row[];
  }

  async run(text: string | Prepared, values: readonly unknown[] = []): Promise<number> {
    return (await this.execute(text, values)).rowCount ?? 0;
  }

  onCommit(after: () => void): void {
    this.after.push(after);
  }

  close(): void {
    this.open = false;
  }

  wake(): void {
    for (const after of this.after) after();
  }

  private async execute(text: string | Prepared, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    if (!this.open) throw new Error('The transaction is over: nothing more can be done in it.');
    return this.client.query<Record<string, unknown>>(asQuery(text, values));
  }
}
