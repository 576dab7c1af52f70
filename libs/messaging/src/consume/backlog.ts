import type { ConsumerInfo, JsMsg } from '@nats-io/jetstream';
import type { Logger } from '@troncal/observability';

/** What was delivered to one consumer and has not come to its end: how old the oldest of it is, and whether that is too old. */
export class Backlog {
  /** Stream sequence to when the bus stored the event. At most what the server delivers without an acknowledgement (1000). */
  private readonly unsettled = new Map<number, number>();
  private late = false;

  constructor(
    private readonly who: Readonly<Record<string, string>>,
    private readonly lateAfterMs: number,
    private readonly logger: Logger,
  ) {}

  /** An event has come. One that waits for its next try stays in. */
  note(message: JsMsg): void {
    if (!this.unsettled.has(message.seq)) this.unsettled.set(message.seq, message.time.getTime());
  }

  settle(message: JsMsg): void {
    this.unsettled.delete(message.seq);
  }

  /** Forgets what the server says has ended: another replica may have been given what we handed back. */
  correct(info: ConsumerInfo): void {
    for (const sequence of this.unsettled.keys()) if (info.num_ack_pending === 0 || sequence <= info.ack_floor.stream_seq) this.unsettled.delete(sequence);
  }

  /** Age of the oldest unsettled event in ms; 0 when there is none. */
  oldestMs(now = Date.now()): number {
    let oldest = now;
    for (const time of this.unsettled.values()) oldest = Math.min(oldest, time);
    return now - oldest;
  }

  /** True when the oldest event is older than it should be. */
  get looksLate(): boolean {
    return this.oldestMs() > this.lateAfterMs;
  }

  /** True from the moment that `judge` said so until it says otherwise. */
  get isLate(): boolean {
    return this.late;
  }

  /** Says once that the consumer lags, and once that it has caught up. */
  judge(): void {
    if (this.looksLate === this.late) return;
    this.late = !this.late;
    if (this.late) this.logger.warn({ ...this.who, oldestMs: this.oldestMs(), lateAfterMs: this.lateAfterMs, unsettled: this.unsettled.size }, 'a consumer lags behind its stream');
    else this.logger.info(this.who, 'a consumer has caught up with its stream');
  }
}
