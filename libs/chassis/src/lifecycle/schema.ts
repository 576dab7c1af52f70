import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import { notReady, READY, runOutsideContext, type CheckResult, type Logger } from '@troncal/observability';
import { isDatabaseAway, migrate, type Database, type MigrateOptions } from '@troncal/persistence';

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };

/** Brings the service's schema up to date as soon as the database is there, and tells when it is. */
export class Schema {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private trouble: string | undefined = 'The database schema has not been brought up to date yet.';
  private announce: () => void = () => {};
  private readonly done = new Promise<void>((resolve) => (this.announce = resolve));

  /** @param migrations absent when somebody else migrates: then the schema counts as ready when the database answers */
  constructor(
    private readonly db: Database,
    private readonly migrations: MigrateOptions | undefined,
    private readonly logger: Logger,
  ) {}

  /** Returns at once, and goes on trying while the database is away. */
  start(): void {
    this.running ??= runOutsideContext(() => this.prepare());
  }

  /** Resolves when tables can be used. Wait for it before touching the database at start-up. */
  ready(): Promise<void> {
    return this.done;
  }

  /** Why the tables can't be used yet. */
  get notYet(): string | undefined {
    return this.trouble;
  }

  async health(): Promise<CheckResult> {
    if (this.trouble !== undefined) return notReady(this.trouble);
    await this.db.ping();
    return READY;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async prepare(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      try {
        if (this.migrations) await migrate(this.migrations);
        else await this.db.ping();
        this.trouble = undefined;
        this.announce();
        return;
      } catch (error) {
        failures += 1;
        this.trouble = errorText(error);
        this.logger[isDatabaseAway(error) && failures < 5 ? 'debug' : 'error']({ err: error, failures }, 'the database schema could not be brought up to date; trying again');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }
}
