import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { Database, isDatabaseAway } from '@troncal/persistence';
import { SpendPublisher } from '../spend/spend.publisher.js';
import { DecisionRepository, type KeptDecision } from './decisions.repository.js';

/** An emergency call without a way out, to be told as an event with the decision. */
export interface UnreachableCall {
  readonly number: string;
  readonly country: string;
  readonly extension: string | null;
  readonly acknowledged: boolean;
}
interface Entry {
  readonly kept: KeptDecision;
  readonly unreachable: UnreachableCall | undefined;
}

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };
/** So many decisions in one transaction. */
const BATCH = 100;
/** Beyond this many the oldest are dropped: a database that is away for hours must not fill the memory. */
const MOST = 20_000;

/**
 * Keeps decisions that needed no database behind the answer: nobody on the line waits for it. Tried again until the database takes it, once each, with
 * the event of an emergency call in the same transaction. What waits is in memory only and lost with the process; the log has said it.
 */
@Injectable()
export class DecisionLog implements BeforeApplicationShutdown {
  private readonly waiting: Entry[] = [];
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly decisions: DecisionRepository,
    private readonly publisher: SpendPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns at once and never throws. */
  keepSoon(kept: KeptDecision, unreachable?: UnreachableCall): void {
    this.waiting.push({ kept, unreachable });
    if (this.waiting.length > MOST) this.logger.error({ callId: this.waiting.shift()?.kept.callId }, 'an outbound decision is dropped: too many wait for the database');
    this.running ??= this.work();
  }

  /** Decisions that wait. */
  get depth(): number {
    return this.waiting.length;
  }

  /** Tries what waits once more. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    if (this.waiting.length > 0) this.logger.error({ waiting: this.waiting.length }, 'outbound decisions are lost: the database was away to the end');
  }

  private async work(): Promise<void> {
    for (let failures = 0; ; ) {
      const batch = this.waiting.slice(0, failures > 1 ? 1 : BATCH);
      if (batch.length === 0) {
        // In the same breath as the look: what is added from now on begins anew.
        this.running = undefined;
        return;
      }
      try {
        await this.write(batch);
        this.drop(batch);
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!isDatabaseAway(error)) {
          this.logger.error({ err: error, callId: batch[0]?.kept.callId }, 'outbound decisions could not be kept');
          // One of many may spoil the others: they are tried one by one, and this one no more.
          if (batch.length === 1) this.drop(batch);
          continue;
        }
        if (this.stopping.signal.aborted) return;
        this.logger.debug({ waiting: this.waiting.length, reason: errorText(error) }, 'outbound decisions wait for the database');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }

  private write(batch: readonly Entry[]): Promise<void> {
    return this.db.transaction(async (tx) => {
      for (const { kept, unreachable } of batch) {
        const isNew = await this.decisions.keep(tx, kept);
        if (isNew && unreachable) await this.publisher.emergencyUnreachable(tx, kept, { ...unreachable, callId: kept.callId });
      }
    });
  }

  /** Some may have been dropped meanwhile. */
  private drop(batch: readonly Entry[]): void {
    const done = new Set(batch);
    while (this.waiting[0] && done.has(this.waiting[0])) this.waiting.shift();
  }
}
