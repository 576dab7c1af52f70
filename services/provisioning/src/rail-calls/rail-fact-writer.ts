import { errorText, pause, TransientError, withDeadline } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { isDatabaseAway, type Journal } from '@troncal/persistence';
import { CallFacts, railFactSchema, type RailFact } from './call-facts.js';
import type { RailCallRepository } from './rail-call.repository.js';

/** In one transaction. */
const BATCH = 200;
/** A database that takes longer for one batch counts as away, ms. */
const STORE_DEADLINE_MS = 1_500;
const DRAIN_EVERY_MS = 300;
/** Beyond this many in memory, which neither database nor disk takes, the oldest are dropped. */
const MOST = 50_000;

/** What the writer needs of the rest. */
export interface FactWriterSurroundings {
  readonly calls: Pick<RailCallRepository, 'keep'>;
  /** Absent: what waits for the database waits in memory. */
  readonly journal: Journal | undefined;
  /** Resolves when there are tables to write to. */
  readonly schemaReady: () => Promise<void>;
  readonly logger: Logger;
}

/** Writes facts behind the answers of webhooks: into the database in batches, or into the journal while that is away; then all of them until it is drained. */
export class RailFactWriter extends CallFacts {
  private readonly waiting: { readonly fact: RailFact; readonly since: number }[] = [];
  private awaySince = performance.now();
  private stored: () => void = () => {};
  private readonly stopping = new AbortController();
  private away = true;
  private writing: Promise<void> | undefined;
  private draining: Promise<void> | undefined;

  constructor(private readonly around: FactWriterSurroundings) {
    super();
  }

  /** Facts in memory and lines of the journal that the database does not have. */
  get depth(): number {
    return this.waiting.length + (this.around.journal?.depth ?? 0);
  }

  /** How long the oldest fact has waited that the database does not have, ms; 0 when it has all. */
  get behindMs(): number {
    if (this.depth === 0) return 0;
    return performance.now() - (this.away ? this.awaySince : (this.waiting[0]?.since ?? performance.now()));
  }

  /** @param stored called after each batch that the database has */
  onStored(stored: () => void): void {
    this.stored = stored;
  }

  note(fact: RailFact): void {
    const { success, data, error } = railFactSchema.safeParse(fact);
    if (!success) {
      this.around.logger.error({ callSid: fact.callSid, kind: fact.kind, faults: error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) }, 'a fact of a call is not valid and is dropped');
      return;
    }
    this.waiting.push({ fact: data, since: performance.now() });
    if (this.waiting.length > MOST) this.around.logger.error({ callSid: this.waiting.shift()?.fact.callSid }, 'a fact of a call is dropped: too many wait');
    this.begin();
  }

  /** Opens the journal; what is in it goes to the database first, as soon as that is there. */
  async start(): Promise<void> {
    await this.around.journal?.open();
    this.drainSoon();
    this.begin();
  }

  /** Puts what waits where it is safe, and ends. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.draining;
    await this.writing;
    await this.around.journal?.close();
  }

  private begin(): void {
    // In the next turn: what one webhook notes is one batch.
    this.writing ??= runOutsideContext(() => new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.write()).finally(() => (this.writing = undefined)));
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH).map(({ fact }) => fact);
      if (!(await this.keep(batch))) return;
      this.waiting.splice(0, batch.length);
    }
  }

  /** True when the batch is safe. False: it stays in memory until there is something to write to. */
  private async keep(batch: readonly RailFact[]): Promise<boolean> {
    const { journal, logger } = this.around;
    for (;;) {
      try {
        if (this.away && !journal) return false;
        if (this.away && (await journal?.append(batch, () => this.away))) return true;
        await this.store(batch);
        return true;
      } catch (error) {
        if (isAway(error)) {
          this.turnAway(error);
          if (this.stopping.signal.aborted && !journal) return false;
        } else {
          logger.error({ err: error }, 'facts of calls can be written neither to the database nor to the journal; they wait in memory');
          if (!(await pause(DRAIN_EVERY_MS, this.stopping.signal))) return false;
        }
      }
    }
  }

  /** Stores a batch; what no database will ever take (a fault of ours) is logged and given up, so that it holds nothing up. */
  private async store(batch: readonly RailFact[]): Promise<void> {
    try {
      await withDeadline(this.around.calls.keep(batch), STORE_DEADLINE_MS, 'storing facts of calls');
      this.stored();
    } catch (error) {
      if (isAway(error)) throw error;
      const [only] = batch;
      if (batch.length > 1) for (const each of batch) await this.store([each]);
      else this.around.logger.error({ err: error, callSid: only?.callSid, key: only?.key }, 'a fact of a call can never be stored');
    }
  }

  private turnAway(error: unknown): void {
    if (this.away) return;
    this.away = true;
    // What the database did not take in time had waited before.
    this.awaySince = this.waiting[0]?.since ?? performance.now();
    this.around.logger.error({ err: error }, `the database is away: facts of calls ${this.around.journal ? 'go to the journal' : 'wait in memory'}`);
    this.drainSoon();
  }

  private drainSoon(): void {
    this.draining ??= runOutsideContext(() => this.drain()).finally(() => (this.draining = undefined));
  }

  private async drain(): Promise<void> {
    const { journal, schemaReady, logger } = this.around;
    const stopped = new Promise<void>((resolve) => this.stopping.signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([schemaReady(), stopped]);
    while (!this.stopping.signal.aborted) {
      try {
        const back = (): void => void (this.away = false);
        const drained = journal ? await journal.drain((entry) => this.storeEntry(entry), back) : (await this.store([]), back(), 0);
        if (drained > 0) logger.info({ lines: drained }, 'the journal of calls is drained into the database');
        this.begin();
        return;
      } catch (error) {
        logger.debug({ reason: errorText(error) }, 'facts of calls wait for the database');
        await pause(DRAIN_EVERY_MS, this.stopping.signal);
      }
    }
  }

  private async storeEntry(entry: unknown): Promise<void> {
    const { success, data, error } = railFactSchema.array().safeParse(entry);
    if (success) await this.store(data);
    else this.around.logger.error({ err: error }, 'a line of the journal holds no facts of calls and is given up');
  }
}

function isAway(error: unknown): boolean {
  return isDatabaseAway(error) || (error instanceof TransientError && error.code === 'deadline_exceeded');
}
