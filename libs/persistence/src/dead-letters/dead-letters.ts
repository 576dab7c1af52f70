import { crashPoint } from '@troncal/config';
import { newId, PermanentError } from '@troncal/kernel';
import type { Database } from '../postgres/database.js';
import type { Queryable, Tx } from '../postgres/tx.js';
import { originOf, placeOf, unknownDeadLetter, type DeadLetter, type DeadLetterAct, type DeadLetterFilter, type DeadLetterState, type GivenUp } from './dead-letter.js';

interface Row {
  readonly id: string;
  readonly handler: string;
  readonly tenant: string;
  readonly event_type: string;
  readonly event_id: string | null;
  readonly subject: string;
  readonly stream: string;
  readonly stream_sequence: number;
  readonly published_at: Date;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly code: string;
  readonly error: string;
  readonly tries: number;
  readonly state: DeadLetterState;
  readonly history: DeadLetterAct[];
  readonly given_up_at: Date;
  readonly settled_at: Date | null;
}

export interface DeadLetterLimits {
  /** Letters kept at most; beyond it the oldest go, settled ones first. */
  readonly most: number;
  /** How long a settled one is kept, for whoever asks what became of it. */
  readonly keepSettledMs: number;
}

const LIMITS: DeadLetterLimits = { most: 10_000, keepSettledMs: 7 * 86_400_000 };
/** Acts kept per letter: the first ones of a letter that is redriven in vain again and again say no more than the last. */
const ACTS = 20;
const ADD_ACT = `history = CASE WHEN jsonb_array_length(history) >= ${ACTS} THEN history - 0 ELSE history END || $2::jsonb`;

/** The dead letters of one service: what its handlers gave up, and what became of it. */
export class DeadLetters {
  constructor(
    private readonly db: Database,
    private readonly limits: DeadLetterLimits = LIMITS,
  ) {}

  /**
   * Stores a letter in the transaction that gives its event up; once, however often the same message is given up.
   * @returns how many old letters had to go for it
   */
  async store(tx: Tx, letter: GivenUp): Promise<number> {
    const { tenant, eventType } = placeOf(letter.subject);
    await tx.run(
      `INSERT INTO dead_letter (id, origin, handler, tenant, event_type, event_id, subject, stream, stream_sequence, published_at, body, headers, code, error, tries)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) ON CONFLICT (origin) DO NOTHING`,
      [
        newId(), originOf(letter), letter.handler, tenant, eventType, letter.eventId ?? null, letter.subject, letter.stream, letter.streamSequence, letter.publishedAt,
        Buffer.from(letter.body), JSON.stringify(letter.headers), letter.code, letter.error, letter.tries,
      ],
    );
    return tx.run(
      `DELETE FROM dead_letter WHERE id IN (SELECT id FROM dead_letter ORDER BY state = 'waiting', id LIMIT greatest(0, (SELECT count(*) FROM dead_letter) - $1))`,
      [this.limits.most],
    );
  }

  /** As `store`, in a transaction of its own: for what is no event and takes part in no order. */
  async storeUnreadable(letter: GivenUp): Promise<number> {
    const gone = await this.db.transaction(async (tx) => {
      const removed = await this.store(tx, letter);
      crashPoint('dead-letter.before-commit-of-unreadable');
      return removed;
    });
    crashPoint('dead-letter.after-commit-of-unreadable');
    return gone;
  }

  /** The newest first. */
  async list({ handler, tenant, state, since, limit, after }: DeadLetterFilter): Promise<DeadLetter[]> {
    const rows = await this.db.query<Row>(
      `SELECT * FROM dead_letter
       WHERE ($1::text IS NULL OR handler = $1) AND ($2::text IS NULL OR tenant = $2) AND ($3::text IS NULL OR state = $3)
         AND ($4::timestamptz IS NULL OR given_up_at >= $4) AND ($5::text IS NULL OR id < $5)
       ORDER BY id DESC LIMIT $6`,
      [handler ?? null, tenant ?? null, state ?? null, since ?? null, after ?? null, limit],
    );
    return rows.map(toLetter);
  }

  async find(id: string): Promise<DeadLetter | undefined> {
    const [row] = await this.db.query<Row>('SELECT * FROM dead_letter WHERE id = $1', [id]);
    return row && toLetter(row);
  }

  /**
   * Runs `effect` for a waiting letter and notes it as redriven, in one transaction: it takes effect once however many ask at once and
   * wherever the process dies. A letter redriven before is answered as it is. What `effect` throws rolls both back.
   * @throws PermanentError `unknown_dead_letter`, `dead_letter_discarded`
   */
  async redrive(id: string, by: string, effect: (tx: Tx, letter: DeadLetter) => Promise<void>): Promise<DeadLetter> {
    const settled = await this.db.transaction(async (tx) => {
      const letter = await lock(tx, id);
      if (letter.state === 'redriven') return letter;
      if (letter.state === 'discarded') throw new PermanentError('dead_letter_discarded', `The dead letter ${id} was discarded.`, { status: 409, remedy: 'What was discarded is not redriven any more.' });
      await effect(tx, letter);
      const redriven = await settle(tx, letter, 'redriven', { at: new Date().toISOString(), by, act: 'redrive', outcome: 'done' });
      crashPoint('dead-letter.before-commit-of-redrive');
      return redriven;
    });
    crashPoint('dead-letter.after-commit-of-redrive');
    return settled;
  }

  /** Notes a redrive that failed: the letter waits on, with one more try and the newer reason. */
  async noteFailure(id: string, by: string, failure: { readonly code: string; readonly error: string }): Promise<void> {
    const act: DeadLetterAct = { at: new Date().toISOString(), by, act: 'redrive', outcome: 'failed', ...failure };
    await this.db.run(`UPDATE dead_letter SET tries = tries + 1, code = $3, error = $4, ${ADD_ACT} WHERE id = $1 AND state = 'waiting'`, [id, JSON.stringify([act]), failure.code, failure.error]);
    crashPoint('dead-letter.after-failed-redrive');
  }

  /**
   * Gives a letter up for good; it stays readable for some days. Discarding it twice changes nothing.
   * @throws PermanentError `unknown_dead_letter`, `dead_letter_redriven`
   */
  async discard(id: string, by: string, reason: string | undefined): Promise<DeadLetter> {
    return this.db.transaction(async (tx) => {
      const letter = await lock(tx, id);
      if (letter.state === 'discarded') return letter;
      if (letter.state === 'redriven') throw new PermanentError('dead_letter_redriven', `The dead letter ${id} has taken effect already.`, { status: 409, remedy: 'There is nothing left to discard.' });
      return settle(tx, letter, 'discarded', { at: new Date().toISOString(), by, act: 'discard', outcome: 'done', ...(reason !== undefined && { reason }) });
    });
  }

  /** How many wait, by handler, and since when the oldest does. */
  async waiting(): Promise<{ readonly handler: string; readonly count: number; readonly since: Date }[]> {
    return this.db.query(`SELECT handler, count(*) AS count, min(given_up_at) AS since FROM dead_letter WHERE state = 'waiting' GROUP BY handler`);
  }

  /** Forgets letters settled some days ago, and waiting ones older than `keepMs`. */
  async clean(keepMs: number): Promise<number> {
    return this.db.run(
      `DELETE FROM dead_letter WHERE settled_at < now() - $1 * interval '1 millisecond' OR (state = 'waiting' AND given_up_at < now() - $2 * interval '1 millisecond')`,
      [this.limits.keepSettledMs, keepMs],
    );
  }
}

async function lock(tx: Queryable, id: string): Promise<DeadLetter> {
  const [row] = await tx.query<Row>('SELECT * FROM dead_letter WHERE id = $1 FOR UPDATE', [id]);
  if (!row) throw unknownDeadLetter(id);
  return toLetter(row);
}

async function settle(tx: Queryable, letter: DeadLetter, state: DeadLetterState, act: DeadLetterAct): Promise<DeadLetter> {
  const [row] = await tx.query<Row>(`UPDATE dead_letter SET state = $3, settled_at = now(), ${ADD_ACT} WHERE id = $1 RETURNING *`, [letter.id, JSON.stringify([act]), state]);
  if (!row) throw unknownDeadLetter(letter.id);
  return toLetter(row);
}

function toLetter(row: Row): DeadLetter {
  return {
    id: row.id,
    handler: row.handler,
    tenant: row.tenant,
    eventType: row.event_type,
    eventId: row.event_id ?? undefined,
    subject: row.subject,
    stream: row.stream,
    streamSequence: row.stream_sequence,
    publishedAt: row.published_at,
    body: row.body,
    headers: row.headers,
    code: row.code,
    error: row.error,
    tries: row.tries,
    state: row.state,
    history: row.history,
    givenUpAt: row.given_up_at,
    settledAt: row.settled_at ?? undefined,
  };
}
