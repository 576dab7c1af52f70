import { crashPoint } from '@troncal/config';
import { backoffMs, errorText, pause, TransientError, type Backoff } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import type { Database } from '../postgres/database.js';
import type { Session } from '../postgres/session.js';
import { MARK_SENT, prepareSession, UNSENT } from './relay-statements.js';
import { WakeSignal } from './wake-signal.js';

/** An event ready to go. */
export interface OutgoingEvent {
  /** The envelope's id; the publisher sends it as Nats-Msg-Id. */
  readonly id: string;
  readonly subject: string;
  /** The envelope as JSON text. */
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the relay sends events. */
export interface EventPort {
  /**
   * Resolves when the event is stored for good (JetStream's PubAck); rejects otherwise, with TransientError `bus_away` when that says nothing of the
   * event. Sending the same id twice must be harmless.
   */
  publish(event: OutgoingEvent): Promise<void>;
  /** False while sending can't work: the relay then waits instead of counting failures. */
  ready(): boolean;
}

export interface OutboxRelayOptions {
  readonly logger: Logger;
  /** How often to look without having been woken; 1 s when absent. */
  readonly pollMs?: number;
  /** Events fetched at once; 256 when absent. */
  readonly batchSize?: number;
  /** How long sent events stay readable in the table; ten minutes when absent. */
  readonly keepSentMs?: number;
  /** How often those are removed; every minute when absent. */
  readonly cleanEveryMs?: number;
}

interface Row {
  readonly id: number;
  readonly event_id: string;
  readonly aggregate_key: string;
  readonly subject: string;
  readonly envelope: string;
  readonly headers: Record<string, string>;
  readonly attempts: number;
}

const RETRY: Backoff = { firstMs: 200, maxMs: 30_000 };
const RECONNECT: Backoff = { firstMs: 200, maxMs: 5_000 };
const CLEAN_EVERY_MS = 60_000;
/** Between tries while the bus is lost under what is sent. */
const LOST_MS = 200;

/**
 * Carries events from the outbox table to the bus. Of all replicas one at a time does it: who holds a session lock, which the
 * server frees when that process or its connection dies. Within an aggregate events go out one after the other, in order; a failing one
 * holds back its own aggregate only. An event is marked sent after the bus has confirmed it, so a crash in between sends it again, with the same id.
 */
export class OutboxRelay {
  private readonly signal = new WakeSignal();
  private readonly stopping = new AbortController();
  private readonly channel: string;
  private running: Promise<void> | undefined;
  private leading = false;
  private notifying = false;
  private cleanedAt = 0;

  constructor(
    private readonly db: Database,
    private readonly port: EventPort,
    private readonly options: OutboxRelayOptions,
  ) {
    this.channel = `troncal_outbox_${db.schema}`;
  }

  /** Starts the loop; returns at once, also while the database is away. */
  start(): void {
    this.running ??= runOutsideContext(() => this.loop());
  }

  /** Has the waiting events sent now, by this replica or by the one that holds the lock. */
  wake(): void {
    this.signal.wake();
    if (this.leading || this.notifying) return;
    // Outside of the emitting transaction on purpose: a NOTIFY inside serialises all commits of the database (PostgreSQL's notify queue lock).
    this.notifying = true;
    this.db
      .run('SELECT pg_notify($1, $2)', [this.channel, ''])
      .catch(() => {})
      .finally(() => (this.notifying = false));
  }

  /** As wake, and forgets the waiting times of events that failed: for when the bus is back. */
  async retryNow(): Promise<void> {
    await this.db.run('UPDATE outbox SET retry_at = now() WHERE sent_at IS NULL AND retry_at > now()');
    this.wake();
  }

  /** True in the one replica that sends. */
  get isLeading(): boolean {
    return this.leading;
  }

  /** Ends the loop after the batch in flight. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.signal.wake();
    await this.running;
  }

  private async loop(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      let session: Session | undefined;
      try {
        session = await this.db.session();
        failures = 0;
        await prepareSession(session);
        await session.listen(this.channel, () => this.signal.wake());
        await this.serve(session);
      } catch (error) {
        failures += 1;
        this.options.logger.warn({ err: error, failures }, 'the outbox relay lost its database session and tries again');
        await pause(backoffMs(RECONNECT, failures), this.stopping.signal);
      } finally {
        this.leading = false;
        await session?.close();
      }
    }
  }

  private async serve(session: Session): Promise<void> {
    const pollMs = this.options.pollMs ?? 1000;
    void session.ended().then(() => this.signal.wake());
    while (!this.stopping.signal.aborted && session.alive) {
      this.leading ||= await session.tryLock(this.channel);
      const next = this.leading && this.port.ready() ? await this.sendBatch(session) : 'later';
      if (this.leading) await this.clean(session);
      if (next !== 'now') await this.signal.wait(next === 'lost' ? Math.min(LOST_MS, pollMs) : pollMs);
    }
  }

  /** When to send the next batch. */
  private async sendBatch(session: Session): Promise<'now' | 'later' | 'lost'> {
    const batchSize = this.options.batchSize ?? 256;
    const rows = await session.query<Row>(UNSENT, [batchSize]);
    if (rows.length === 0) return 'later';
    const outcomes = await Promise.all([...Map.groupBy(rows, (row) => row.aggregate_key).values()].map((chain) => this.sendChain(chain)));
    const sent = outcomes.flatMap((outcome) => outcome.sent);
    if (sent.length > 0) {
      crashPoint('outbox.before-mark');
      await session.run(MARK_SENT, [sent]);
      crashPoint('outbox.after-mark');
    }
    const failures = outcomes.flatMap(({ failed }) => failed ?? []);
    const lost = failures.filter(({ error }) => isBusAway(error));
    // Nothing is noted of what the bus was lost under: noted after it is back, each event would wait as if it were to blame.
    for (const { row, error } of failures) if (!isBusAway(error)) await this.postpone(session, row, error);
    if (lost[0] === undefined) return sent.length > 0 && rows.length === batchSize ? 'now' : 'later';
    this.options.logger.warn({ reason: errorText(lost[0].error), events: lost.length }, 'the bus was lost under events, which are sent again');
    return 'lost';
  }

  private async sendChain(rows: readonly Row[]): Promise<{ readonly sent: number[]; readonly failed?: { readonly row: Row; readonly error: unknown } }> {
    const sent: number[] = [];
    for (const row of rows) {
      try {
        crashPoint('outbox.before-publish');
        await this.port.publish({ id: row.event_id, subject: row.subject, payload: row.envelope, headers: row.headers });
        crashPoint('outbox.after-publish');
        sent.push(row.id);
      } catch (error) {
        return { sent, failed: { row, error } };
      }
    }
    return { sent };
  }

  private async postpone(session: Session, row: Row, error: unknown): Promise<void> {
    const waitMs = backoffMs(RETRY, row.attempts + 1);
    this.options.logger.warn({ err: error, event: row.event_id, subject: row.subject, attempts: row.attempts + 1, waitMs }, 'an event could not be published and waits');
    await session.run(`UPDATE outbox SET attempts = attempts + 1, last_error = $2, retry_at = now() + $3 * interval '1 millisecond' WHERE id = $1`, [
      row.id,
      errorText(error).slice(0, 500),
      waitMs,
    ]);
  }

  private async clean(session: Session): Promise<void> {
    if (Date.now() - this.cleanedAt < (this.options.cleanEveryMs ?? CLEAN_EVERY_MS)) return;
    this.cleanedAt = Date.now();
    const keepMs = this.options.keepSentMs ?? 600_000;
    // In small pieces: one huge DELETE would hold back the vacuum horizon of the whole database.
    for (let deleted = 1000; deleted === 1000; ) {
      deleted = await session.run(
        `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE sent_at < now() - $1 * interval '1 millisecond' ORDER BY sent_at LIMIT 1000)`,
        [keepMs],
      );
    }
  }
}

const isBusAway = (error: unknown): boolean => error instanceof TransientError && error.code === 'bus_away';
