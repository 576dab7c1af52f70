import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { isDatabaseAway } from '@troncal/persistence';

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };
/** Beyond this many the oldest are dropped: a database that is away for hours must not fill the memory. */
const MOST = 10_000;

/**
 * Writes that nothing waits for (refusals, edges, registrations): done in order, again and again until the database takes them. In memory only: they
 * are lost with the process, unlike steps of calls.
 */
export class LateWrites {
  private readonly waiting: { readonly what: string; readonly write: () => Promise<void> }[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly logger: Logger) {}

  add(what: string, write: () => Promise<void>): void {
    this.waiting.push({ what, write });
    if (this.waiting.length > MOST) this.logger.error({ what: this.waiting.shift()?.what }, 'a late write is dropped: too many wait');
    this.running ??= this.work().finally(() => (this.running = undefined));
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
      if (!next) return;
      try {
        await next.write();
        this.waiting.shift();
        failures = 0;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        if (!isDatabaseAway(error)) {
          this.logger.error({ err: error, what: next.what }, 'a late write failed for good');
          this.waiting.shift();
          continue;
        }
        failures += 1;
        this.logger.debug({ what: next.what, reason: errorText(error) }, 'a late write waits for the database');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }
}
