import type { JsMsg } from '@nats-io/jetstream';
import { crashPoint } from '@troncal/config';
import type { EventOf } from '@troncal/contracts';
import { PermanentError, withDeadline } from '@troncal/kernel';
import type { Logger, SpanMaker } from '@troncal/observability';
import { isDatabaseAway, type DeadLetters, type Inbox, type Incoming, type Tx } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';
import { letterOf, sendDeadLetter } from './dead-letter.js';
import { processing, rawDelivery, type Handler, type OpenedMessage } from './open-message.js';

/** How a delivery ended. retried: it comes again. early: it waits for an event before it. passed: the handler takes no events of who stated it. */
export type Settlement = 'done' | 'duplicate' | 'passed' | 'early' | 'retried' | 'dead';

const EARLY_FIRST_MS = 50;
const EARLY_MAX_MS = 2_000;
const DATABASE_AWAY_MS = 1_000;
/**
 * An event whose tries do not even end is given up after this many. Far more than failing ones get, because whatever was at work beside the
 * one that kills the process is counted as well; those succeed between two crashes, the killer never does.
 */
const UNENDED_TRIES = 20;

/** Takes one message to its end: effect and record in one transaction, then the acknowledgement; or another try, or the dead-letter stream. */
export class MessageSettler {
  constructor(
    private readonly bus: Bus,
    private readonly inbox: Inbox,
    private readonly deadLetters: DeadLetters,
    private readonly logger: Logger,
    private readonly spans?: SpanMaker,
  ) {}

  /** Never rejects: whatever can't be settled now is delivered again by the server. */
  async settle(message: JsMsg, handler: Handler, opened: OpenedMessage): Promise<Settlement> {
    if (!('event' in opened)) return this.settleUnreadable(message, handler, opened.unreadable);
    if (handler.from && !handler.from.some((service) => service === opened.event.source)) return this.acknowledge(message, 'passed');
    return processing({ raw: rawDelivery(message), opened, handler, spans: this.spans }, async (span) => {
      const settlement = await this.settleEvent(message, handler, opened.event, opened.entry);
      span.set({ 'troncal.event.settlement': settlement, 'troncal.event.waited_ms': opened.entry.ageMs });
      return settlement;
    });
  }

  private async settleUnreadable(message: JsMsg, handler: Handler, error: unknown): Promise<Settlement> {
    this.logger.error({ err: error, handler: handler.handler, subject: message.subject, seq: message.seq }, 'an unreadable event goes to the dead-letter stream');
    return this.tryTo(message, async () => {
      const letter = letterOf(message, handler.handler, undefined, error, message.info.deliveryCount);
      await sendDeadLetter(this.bus, letter, handler);
      this.noteForgotten(await this.deadLetters.storeUnreadable(letter));
      message.term('unreadable');
      crashPoint('consume.after-term');
      return 'dead';
    });
  }

  private async settleEvent(message: JsMsg, handler: Handler, event: EventOf<unknown>, entry: Incoming): Promise<Settlement> {
    let attempt = 1;
    try {
      if (entry.redelivered) {
        const admission = await this.inbox.admit(entry);
        if (admission === 'duplicate') return await this.acknowledge(message, 'duplicate');
        if (admission === 'early') return this.defer(message);
        attempt = admission.failures + 1;
        if (admission.unended > UNENDED_TRIES) throw new PermanentError('handler_kills_process', `The process died in each of ${UNENDED_TRIES} tries.`);
      }
      const outcome = await this.inbox.take(entry, (tx) => this.run(handler, event, { tx, attempt }));
      return outcome === 'early' ? this.defer(message) : await this.acknowledge(message, outcome);
    } catch (error) {
      return this.settleFailure(message, handler, entry, attempt, error);
    }
  }

  private async run(handler: Handler, event: EventOf<unknown>, delivery: { readonly tx: Tx; readonly attempt: number }): Promise<void> {
    await withDeadline(handler.handle(event, delivery), handler.timeoutMs, `The handler ${handler.durable}`);
  }

  private async settleFailure(message: JsMsg, handler: Handler, entry: Incoming, attempt: number, error: unknown): Promise<Settlement> {
    const facts = { err: error, handler: handler.handler, event: entry.eventId, attempt };
    if (isDatabaseAway(error)) {
      // Not the event's fault and not counted against it.
      this.logger.warn(facts, 'an event waits for the database');
      message.nak(DATABASE_AWAY_MS);
      return 'retried';
    }
    return this.tryTo(message, async () => {
      const waitMs = error instanceof PermanentError ? undefined : handler.backoffMs[(await this.inbox.fail(entry)) - 1];
      if (waitMs === undefined) return this.giveUp(message, handler, entry, facts);
      this.logger.warn({ ...facts, waitMs }, 'handling an event failed; it comes again');
      crashPoint('consume.before-nak');
      message.nak(waitMs);
      crashPoint('consume.after-nak');
      return 'retried';
    });
  }

  private async giveUp(message: JsMsg, handler: Handler, entry: Incoming, facts: { readonly err: unknown; readonly attempt: number }): Promise<Settlement> {
    this.logger.error(facts, 'an event goes to the dead-letter stream');
    const letter = letterOf(message, handler.handler, entry.eventId, facts.err, facts.attempt);
    await sendDeadLetter(this.bus, letter, handler);
    const isGivenUp = await this.inbox.giveUp(entry, async (tx) => this.noteForgotten(await this.deadLetters.store(tx, letter)));
    if (!isGivenUp) return this.acknowledge(message, 'duplicate');
    message.term(facts.err instanceof Error ? facts.err.name : 'failed');
    crashPoint('consume.after-term');
    return 'dead';
  }

  private async acknowledge(message: JsMsg, settlement: 'done' | 'duplicate' | 'passed'): Promise<Settlement> {
    return this.tryTo(message, async () => {
      crashPoint('consume.before-ack');
      // Confirmed by the server: an acknowledgement lost on the way costs a needless redelivery later.
      await message.ackAck();
      crashPoint('consume.after-ack');
      return settlement;
    });
  }

  private noteForgotten(count: number): void {
    if (count > 0) this.logger.error({ count }, 'there are too many dead letters: the oldest were forgotten');
  }

  private defer(message: JsMsg): Settlement {
    message.nak(Math.min(EARLY_FIRST_MS * 2 ** Math.min(message.info.deliveryCount - 1, 10), EARLY_MAX_MS));
    return 'early';
  }

  private async tryTo(message: JsMsg, work: () => Promise<Settlement>): Promise<Settlement> {
    try {
      return await work();
    } catch (error) {
      this.logger.warn({ err: error, seq: message.seq }, 'a message could not be settled; it comes again');
      message.nak(DATABASE_AWAY_MS);
      return 'retried';
    }
  }
}
