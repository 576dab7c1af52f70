import { crashPoint } from '@troncal/config';
import type { Database } from '../postgres/database.js';
import type { Prepared, Tx } from '../postgres/tx.js';

/** One delivery of one event to one consumer, as the inbox needs to know it. */
export interface Incoming {
  /** Durable name of the handler. */
  readonly consumer: string;
  readonly eventId: string;
  /** Producer and aggregate: what `sequence` counts in. */
  readonly aggregateKey: string;
  readonly sequence: number;
  /** The latest earlier sequence among the types this consumer takes; 0 when there is none or it isn't known. */
  readonly expectedPrior: number;
  /** True for a second or later delivery. */
  readonly redelivered: boolean;
  /** How long ago the event was stored on the bus, in ms. */
  readonly ageMs: number;
}

/** Older events come from a replay, in order: what should have come before them has gone from the stream, or is on its way already. */
const REPLAY_AGE_MS = 600_000;
const REPLAY_PATIENCE_MS = 5_000;

/** done: took effect now. duplicate: had taken effect before. early: an event before it has not arrived yet; nothing was done. */
export type Outcome = 'done' | 'duplicate' | 'early';

/** What is known about the tries of a redelivered event, or that it's settled or early. */
export type Admission = Tries | 'duplicate' | 'early';

export interface Tries {
  /** Tries that ended in an error. */
  readonly failures: number;
  /** Tries since then that never ended, this one included: the process died in them, or near them. */
  readonly unended: number;
}

// Each event of each handler passes these: parsed and planned once per connection.
const TAKE: Prepared = { name: 'inbox.take', text: 'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING' };
const REACHED: Prepared = { name: 'inbox.reached', text: 'SELECT sequence FROM inbox_sequence WHERE consumer = $1 AND aggregate_key = $2 FOR UPDATE' };
const ADVANCE: Prepared = {
  name: 'inbox.advance',
  text: `INSERT INTO inbox_sequence AS s (consumer, aggregate_key, sequence) VALUES ($1, $2, $3)
     ON CONFLICT (consumer, aggregate_key) DO UPDATE SET sequence = greatest(s.sequence, excluded.sequence)`,
};

class EarlyEvent extends Error {}

/**
 * Lets an event take effect once per consumer, however often it is delivered: the record of it shares the transaction of the effect.
 * Also keeps, per consumer and aggregate, how far it has come.
 */
export class Inbox {
  /**
   * @param earlyPatienceMs how long an early event is refused, counted from its first refusal; afterwards it's taken, so that a lost
   *   predecessor can't block its aggregate for ever
   */
  constructor(
    private readonly db: Database,
    private readonly earlyPatienceMs = 180_000,
  ) {}

  /** Runs `effect` and records the event, in one transaction; unless it's a duplicate or early. What `effect` throws rolls both back. */
  async take(event: Incoming, effect: (tx: Tx) => Promise<void>): Promise<Outcome> {
    try {
      return await this.db.transaction(async (tx) => {
        // A second delivery to another replica at this moment waits here for the first to commit or roll back.
        if (!(await this.isFirst(tx, event))) return 'duplicate';
        if (await this.isEarly(tx, event)) throw new EarlyEvent();
        await effect(tx);
        await advance(tx, event);
        crashPoint('inbox.before-commit');
        return 'done';
      });
    } catch (error) {
      if (!(error instanceof EarlyEvent)) throw error;
      await this.noteEarly(event);
      return 'early';
    } finally {
      crashPoint('inbox.after-commit');
    }
  }

  /**
   * Call before `take` for a redelivery. Counts the try before it is made, so that an event whose handler kills the process is noticed
   * too. Nothing is counted while this database is away: nothing can be written then.
   */
  async admit(event: Incoming): Promise<Admission> {
    const admission = await this.db.transaction<Admission>(async (tx) => {
      const [seen] = await tx.query('SELECT 1 FROM inbox WHERE consumer = $1 AND event_id = $2', [event.consumer, event.eventId]);
      if (seen) return 'duplicate';
      if (await this.isEarly(tx, event)) return 'early';
      const [row] = await tx.query<Tries>(
        `INSERT INTO inbox_attempt AS a (consumer, event_id, attempts) VALUES ($1, $2, 1)
         ON CONFLICT (consumer, event_id) DO UPDATE SET attempts = a.attempts + 1 RETURNING failures, attempts AS unended`,
        [event.consumer, event.eventId],
      );
      crashPoint('inbox.before-commit-of-attempt');
      return row ?? { failures: 0, unended: 1 };
    });
    crashPoint('inbox.after-commit-of-attempt');
    if (admission === 'early') await this.noteEarly(event);
    return admission;
  }

  /** Records a try that ended in an error; how many did so far. */
  async fail(event: Incoming): Promise<number> {
    const failures = await this.db.transaction(async (tx) => {
      const [row] = await tx.query<{ failures: number }>(
        `INSERT INTO inbox_attempt AS a (consumer, event_id, failures) VALUES ($1, $2, 1)
         ON CONFLICT (consumer, event_id) DO UPDATE SET failures = a.failures + 1, attempts = 0 RETURNING failures`,
        [event.consumer, event.eventId],
      );
      crashPoint('inbox.before-commit-of-failure');
      return row?.failures ?? 1;
    });
    crashPoint('inbox.after-commit-of-failure');
    return failures;
  }

  /**
   * Records an event that was given up (dead letter): later deliveries are duplicates, and its successors wait no longer.
   * @param store keeps the event, in the same transaction; not run for an event that took effect meanwhile, or was given up before
   * @returns false for such an event
   */
  async giveUp(event: Incoming, store: (tx: Tx) => Promise<void>): Promise<boolean> {
    const isGivenUp = await this.db.transaction(async (tx) => {
      if (!(await this.isFirst(tx, event))) return false;
      await advance(tx, event);
      await store(tx);
      crashPoint('inbox.before-commit-of-giving-up');
      return true;
    });
    crashPoint('inbox.after-commit-of-giving-up');
    return isGivenUp;
  }

  /**
   * Records, in the transaction of an effect, that it takes place; false when it has. For whoever repeats a transaction whose commit may have taken
   * place unseen, under an id of its own.
   */
  async isFirst(tx: Tx, { consumer, eventId }: Pick<Incoming, 'consumer' | 'eventId'>): Promise<boolean> {
    return (await tx.run(TAKE, [consumer, eventId])) === 1;
  }

  /** Holds back the aggregate's other events until the transaction ends: for an event that takes effect late (a redrive). */
  async holdAggregate(tx: Tx, event: Incoming): Promise<void> {
    await tx.run(REACHED, [event.consumer, event.aggregateKey]);
  }

  /** Records, in the transaction of an effect, an event that takes effect late and was never given up by its id; false when it is settled already. */
  async recordLate(tx: Tx, event: Incoming): Promise<boolean> {
    if (!(await this.isFirst(tx, event))) return false;
    await advance(tx, event);
    return true;
  }

  /** Forgets what no redelivery can bring back. `keepMs` must be longer than the streams keep events. */
  async clean(keepMs: number): Promise<number> {
    let forgotten = 0;
    for (let deleted = 1000; deleted === 1000; forgotten += deleted) {
      deleted = await this.db.run(
        `DELETE FROM inbox WHERE (consumer, event_id) IN (
           SELECT consumer, event_id FROM inbox WHERE received_at < now() - $1 * interval '1 millisecond' ORDER BY received_at LIMIT 1000)`,
        [keepMs],
      );
    }
    await this.db.run(`DELETE FROM inbox_attempt WHERE first_at < now() - $1 * interval '1 millisecond'`, [keepMs]);
    return forgotten;
  }

  private async isEarly(tx: Tx, event: Incoming): Promise<boolean> {
    if (event.expectedPrior === 0) return false;
    // FOR UPDATE: events of one aggregate take effect one after the other, across replicas too.
    const [row] = await tx.query<{ sequence: number }>(REACHED, [event.consumer, event.aggregateKey]);
    if ((row?.sequence ?? 0) >= event.expectedPrior) return false;
    const [waited] = await tx.query<{ enough: boolean }>(
      `SELECT early_since < now() - $3 * interval '1 millisecond' AS enough FROM inbox_attempt WHERE consumer = $1 AND event_id = $2`,
      [event.consumer, event.eventId, event.ageMs > REPLAY_AGE_MS ? Math.min(REPLAY_PATIENCE_MS, this.earlyPatienceMs) : this.earlyPatienceMs],
    );
    return waited?.enough !== true;
  }

  private async noteEarly(event: Incoming): Promise<void> {
    await this.db.run(
      `INSERT INTO inbox_attempt AS a (consumer, event_id, early_since) VALUES ($1, $2, now())
       ON CONFLICT (consumer, event_id) DO UPDATE SET early_since = coalesce(a.early_since, now())`,
      [event.consumer, event.eventId],
    );
  }
}

async function advance(tx: Tx, event: Incoming): Promise<void> {
  await tx.run(ADVANCE, [event.consumer, event.aggregateKey, event.sequence]);
  if (event.redelivered) await tx.run('DELETE FROM inbox_attempt WHERE consumer = $1 AND event_id = $2', [event.consumer, event.eventId]);
}
