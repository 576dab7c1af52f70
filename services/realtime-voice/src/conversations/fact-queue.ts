import { backoffMs, errorText, newId, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { isDatabaseAway, type Database, type Tx } from '@troncal/persistence';

/** A fact waiting to be written. `write` may be run several times; its transaction commits once. */
interface Waiting {
  readonly id: string;
  readonly kind: string;
  readonly write: (tx: Tx) => Promise<void>;
}

const RETRY: Backoff = { firstMs: 100, maxMs: 5_000 };
/** Facts of one call that are kept while the database is away: hours of talk. Beyond it the newest are lost, and said so. */
const MOST_WAITING = 5_000;

/**
 * Writes the facts of one conversation in order, each in its own transaction, away from the audio. While the database is away they wait in
 * memory. Nothing here throws to the caller, and a fact that can't be written at all is logged and left out.
 */
export class FactQueue {
  private readonly waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private dropped = 0;

  constructor(
    private readonly db: Database,
    private readonly conversationId: string,
    private readonly logger: Logger,
    /** What the writing belongs to. */
    private readonly within: <T>(work: () => T) => T = (work) => work(),
  ) {}

  add(kind: string, write: (tx: Tx) => Promise<void>): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.dropped += 1;
      if (this.dropped % 100 === 1) this.logger.error({ conversationId: this.conversationId, kind, dropped: this.dropped }, 'the journal of a conversation is full; its newest facts are lost');
      return;
    }
    this.waiting.push({ id: newId(), kind, write });
    this.start();
  }

  /** Resolves when everything added so far is written or given up. */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** Resolves when everything added so far is written, or after `ms`; true when it is written. */
  async settled(ms: number): Promise<boolean> {
    if (this.running === undefined) return true;
    // The pause is cut short: a timer that outlives what it waits for keeps this queue in memory.
    const enough = new AbortController();
    await Promise.race([this.idle(), pause(ms, enough.signal)]);
    enough.abort();
    return this.running === undefined;
  }

  /** Gives up waiting for a database that is away: what is left is logged. */
  abandon(): void {
    this.stopping.abort();
  }

  private start(): void {
    this.running ??= this.within(() => this.drain()).finally(() => {
      this.running = undefined;
      // One that came in the instant between the last look and here would wait for the next.
      if (this.waiting.length > 0 && !this.stopping.signal.aborted) this.start();
    });
  }

  private async drain(): Promise<void> {
    for (let failures = 0; this.waiting.length > 0; ) {
      const fact = this.waiting[0]!;
      try {
        await this.db.transaction((tx) => this.write(tx, fact));
        this.waiting.shift();
        failures = 0;
      } catch (error) {
        if (!isDatabaseAway(error)) {
          this.waiting.shift();
          this.logger.error({ err: error, conversationId: this.conversationId, kind: fact.kind }, 'a fact of a conversation could not be written and is left out');
          continue;
        }
        failures += 1;
        if (failures === 1) this.logger.warn({ conversationId: this.conversationId, reason: errorText(error) }, 'the database is away; the facts of a conversation wait in memory');
        if (await pause(backoffMs(RETRY, failures), this.stopping.signal)) continue;
        this.logger.error({ conversationId: this.conversationId, lost: this.waiting.length }, 'stopped while the database was away; the last facts of a conversation are lost');
        return;
      }
    }
  }

  private async write(tx: Tx, fact: Waiting): Promise<void> {
    // A commit whose answer was lost is tried again; this row tells that it had happened.
    const fresh = await tx.run('INSERT INTO journalled (fact_id, conversation_id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [fact.id, this.conversationId]);
    if (fresh > 0) await fact.write(tx);
  }
}
