import type { Logger } from '@troncal/observability';
import pg from 'pg';
import { toDatabaseError } from './database-errors.js';
import { asQuery, type Prepared, type Queryable } from './tx.js';

/**
 * One connection of one's own, for what belongs to a connection: LISTEN, and advisory locks, which PostgreSQL frees the moment the
 * connection ends, however it ends.
 */
export class Session implements Queryable {
  private resolveClosed: () => void = () => {};
  private readonly closed = new Promise<void>((resolve) => (this.resolveClosed = resolve));
  private open = true;

  private constructor(private readonly client: pg.Client) {}

  static async open(config: pg.ClientConfig, logger: Logger): Promise<Session> {
    const client = new pg.Client(config);
    const session = new Session(client);
    client.on('error', (error) => {
      logger.debug({ err: error }, 'a database session was lost');
      session.end();
    });
    client.on('end', () => session.end());
    try {
      await client.connect();
    } catch (error) {
      throw toDatabaseError(error);
    }
    return session;
  }

  /** False once the connection is gone. */
  get alive(): boolean {
    return this.open;
  }

  async query<Row extends object>(text: string | Prepared, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.execute(text, values)).rows as Row[];
  }

  async run(text: string | Prepared, values: readonly unknown[] = []): Promise<number> {
    return (await this.execute(text, values)).rowCount ?? 0;
  }

  /** Calls `heard` for each NOTIFY on the channel from now on. */
  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.client.on('notification', (note) => {
      if (note.channel === channel) heard(note.payload ?? '');
    });
    await this.run(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** Takes the session lock of this name if nobody has it. */
  async tryLock(name: string): Promise<boolean> {
    const [row] = await this.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked', [name]);
    return row?.locked === true;
  }

  /** Resolves when the connection has ended, for whatever reason. */
  async ended(): Promise<void> {
    await this.closed;
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => {});
    this.end();
  }

  private end(): void {
    this.open = false;
    this.resolveClosed();
  }

  private async execute(text: string | Prepared, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    try {
      return await this.client.query<Record<string, unknown>>(asQuery(text, values));
    } catch (error) {
      throw toDatabaseError(error);
    }
  }
}
