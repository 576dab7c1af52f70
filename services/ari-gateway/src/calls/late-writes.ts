import { backoffMs, errorText, newId, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { isDatabaseAway, type Database, type Inbox, type Tx } from '@troncal/persistence';

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };
/** Beyond this many the oldest are dropped: a database that is away for hours must not fill the memory. */
const MOST = 10_000;
/** Under this name the inbox knows which of them took place. */
const CONSUMER = 'ari-gateway__late-writes';

interface LateWrite {
  readonly id: string;
  readonly what: string;
  readonly write: (tx: Tx) => Promise<void>;
}

/**
 * Writes that nothing waits for (refusals, edges, registrations): done in order, each in a transaction of its own, again and again until the database
 * takes it, and once, also when the answer to a commit was lost. In memory only: they are lost with the process, unlike steps of calls.
 */
export class LateWrites {
  private readonly waiting: LateWrite[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly db: Pick<Database, 'transaction'>,
    private readonly inbox: Pick<Inbox, 'isFirst'>,
    private readonly logger: Logger,
    private readonly most = MOST,
  ) {}

  add(what: string, write: (tx: Tx) => Promise<void>): void {
    this.waiting.push({ id: newId(), what, write });
    if (this.waiting.length > this.most) this.logger.error({ what: this.waiting.shift()?.what }, 'a late write is dropped: too many wait');
    this.running ??= this.work();
  }

  /** Writes that wait. */
  get depth(): number {
    return this.waiting.length;
  }

  /** Tries what waits once more, then forgets it. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async work(): Promise<void> {
    for (let failures = 0; ; ) {
      const next = this.waiting[0];
      if (!next) {
        // In the same breath as the look: what is added from now on begins anew.
        this.running = undefined;
        return;
      }
      try {
        await this.writeOnce(next);
        this.done(next);
        failures = 0;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!isDatabaseAway(error)) {
          this.logger.error({ err: error, what: next.what }, 'a late write failed for good');
          this.done(next);
          continue;
        }
        failures += 1;
        this.logger.debug({ what: next.what, reason: errorText(error) }, 'a late write waits for the database');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }

  /** It may have been dropped meanwhile, and another one be the first. */
  private done(write: LateWrite): void {
    if (this.waiting[0] === write) this.waiting.shift();
  }

  private writeOnce({ id, write }: LateWrite): Promise<void> {
    return this.db.transaction(async (tx) => {
      if (await this.inbox.isFirst(tx, { consumer: CONSUMER, eventId: id })) await write(tx);
    });
  }
}
