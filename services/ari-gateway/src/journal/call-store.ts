import { errorText, pause, TransientError, withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { isDatabaseAway, type Journal } from '@troncal/persistence';
import { isOvertaken } from '../edges/edge-away.js';
import type { CallRepository } from '../calls/call.repository.js';
import type { CallStep } from '../calls/call-step.js';

/** A database that takes longer for one step than this counts as away, ms: the caller waits meanwhile. */
const STORE_DEADLINE_MS = 1_500;
const DRAIN_EVERY_MS = 300;

/**
 * Stores steps of calls: in the database, or in the journal while the database is away. Then all steps go to the journal until it is
 * drained, so that the order of a call's steps holds.
 */
export class CallStore {
  private journalling = false;
  private draining: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(
    private readonly calls: CallRepository,
    private readonly journal: Journal,
    private readonly logger: Logger,
    /** Told when the database refuses a step, also one out of the journal, because its edge has a newer owner. */
    private readonly overtaken: (edgeId: string, epoch: number) => void = () => {},
  ) {}

  /** Opens the journal, and drains what was left in it before anything else is done; waits for the database as long as it takes. */
  async open(): Promise<void> {
    await this.journal.open();
    this.journalling = this.journal.depth > 0;
    if (!this.journalling) return;
    await this.drainUntilDone();
  }

  /** True while steps wait in the journal. */
  get away(): boolean {
    return this.journalling;
  }

  /**
   * Resolves when the step is durable, in one place or the other. A step that no database will ever take (a fault of ours) is logged with all its
   * facts and given up: a caller must never pay for it.
   * @throws PermanentError `edge_overtaken`: the call is in other hands, and nothing may be done for it
   */
  async store(step: CallStep): Promise<void> {
    for (;;) {
      if (this.journalling && (await this.journal.append(step, () => this.journalling))) return;
      try {
        return await withDeadline(this.calls.store(step), STORE_DEADLINE_MS, 'storing a step');
      } catch (error) {
        if (isOvertaken(error)) {
          this.overtaken(step.call.edgeId, step.epoch);
          throw error;
        }
        if (!isAway(error)) return this.giveUp(step, error);
        this.turnAway(error);
      }
    }
  }

  /** Waits for a drain at work and closes the journal. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.draining;
    await this.journal.close();
  }

  private turnAway(error: unknown): void {
    if (this.journalling) return;
    this.journalling = true;
    this.logger.error({ err: error }, 'the database is away: steps of calls go to the journal');
    this.draining = this.drainUntilDone().finally(() => (this.draining = undefined));
  }

  private async drainUntilDone(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(DRAIN_EVERY_MS, this.stopping.signal);
      try {
        const drained = await this.journal.drain(
          (entry) => this.storeAgain(entry as CallStep),
          () => (this.journalling = false),
        );
        this.logger.info({ steps: drained }, 'the journal is drained into the database');
        return;
      } catch (error) {
        this.logger.debug({ reason: errorText(error) }, 'the journal waits for the database');
      }
    }
  }

  private async storeAgain(step: CallStep): Promise<void> {
    try {
      await this.calls.store(step);
    } catch (error) {
      if (isAway(error)) throw error;
      if (isOvertaken(error)) this.overtaken(step.call.edgeId, step.epoch);
      this.giveUp(step, error);
    }
  }

  private giveUp(step: CallStep, error: unknown): void {
    this.logger.error({ err: error, call: step.call.callId, version: step.call.version, facts: step.facts.map((fact) => fact.name) }, 'a step of a call can never be stored');
  }
}

function isAway(error: unknown): boolean {
  return isDatabaseAway(error) || (error instanceof TransientError && error.code === 'deadline_exceeded');
}
