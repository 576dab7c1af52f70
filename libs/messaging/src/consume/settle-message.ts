import type { JsMsg } from '@nats-io/jetstream';
import { crashPoint } from '@troncal/config';
import type { Envelope, EventDefinition, EventOf, ServiceName } from '@troncal/contracts';
import { PermanentError, withDeadline } from '@troncal/kernel';
import { doAskedWork, type Logger, type SpanMaker } from '@troncal/observability';
import { aggregateKey, isDatabaseAway, PRIOR_HEADER, type Inbox, type Incoming, type Tx } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';
import type { Delivery } from './consumes-event.js';
import { sendDeadLetter } from './dead-letter.js';

/** One handler as the runtime runs it. */
export interface Handler {
  readonly service: ServiceName;
  readonly handler: string;
  /** The durable's name, and the inbox's consumer. */
  readonly durable: string;
  /** By type: `CallStarted.v1`. */
  readonly events: ReadonlyMap<string, EventDefinition>;
  readonly timeoutMs: number;
  readonly backoffMs: readonly number[];
  readonly handle: (event: EventOf<unknown>, delivery: Delivery) => Promise<void>;
}

/** How a delivery ended. retried: it comes again. early: it waits for an event before it. */
export type Settlement = 'done' | 'duplicate' | 'early' | 'retried' | 'dead';

const EARLY_FIRST_MS = 50;
const EARLY_MAX_MS = 2_000;
const DATABASE_AWAY_MS = 1_000;
/**
 * An event whose tries do not even end is given up after this many. Far more than failing ones get, because whatever was at work beside the
 * one that kills the process is counted as well; those succeed between two crashes, the killer never does.
 */
const UNENDED_TRIES = 20;

/** A message that was read, or why it can't be. */
export type OpenedMessage = { readonly event: EventOf<unknown>; readonly definition: EventDefinition; readonly entry: Incoming } | { readonly unreadable: unknown };

/** Reads a message as the handler's contract has it. Never throws. */
export function openMessage(message: JsMsg, handler: Handler): OpenedMessage {
  try {
    const envelope = message.json<Envelope>();
    const definition = handler.events.get(envelope?.type);
    if (!definition) throw new PermanentError('unexpected_type', `${handler.durable} got an event of type ${JSON.stringify(envelope?.type)}.`);
    const event = definition.read(envelope);
    return { event, definition, entry: incoming(message, handler, event, definition) };
  } catch (error) {
    return { unreadable: error };
  }
}

/** Takes one message to its end: effect and record in one transaction, then the acknowledgement; or another try, or the dead-letter stream. */
export class MessageSettler {
  constructor(
    private readonly bus: Bus,
    private readonly inbox: Inbox,
    private readonly logger: Logger,
    private readonly spans?: SpanMaker,
  ) {}

  /** Never rejects: whatever can't be settled now is delivered again by the server. */
  async settle(message: JsMsg, handler: Handler, opened: OpenedMessage): Promise<Settlement> {
    if (!('event' in opened)) return this.settleUnreadable(message, handler, opened.unreadable);
    const { event, definition, entry } = opened;
    const context = {
      tenant: event.tenantid,
      correlationId: event.correlationid,
      causationId: event.id,
      ...(definition.aggregate === 'call' && { call: event.subject }),
      ...(this.spans && { spans: this.spans }),
    };
    const attributes = { 'messaging.system': 'nats', 'messaging.operation.name': 'process', 'messaging.operation.type': 'process', 'messaging.destination.name': event.type, 'messaging.message.id': event.id, 'messaging.consumer.group.name': handler.durable };
    return doAskedWork({ name: `process ${event.type}`, kind: 'consumer', traceparent: message.headers?.get('traceparent'), context, attributes }, async (span) => {
      const settlement = await this.settleEvent(message, handler, event, entry);
      span.set({ 'troncal.event.settlement': settlement, 'troncal.event.waited_ms': entry.ageMs });
      return settlement;
    });
  }

  private async settleUnreadable(message: JsMsg, handler: Handler, error: unknown): Promise<Settlement> {
    this.logger.error({ err: error, handler: handler.handler, subject: message.subject, seq: message.seq }, 'an unreadable event goes to the dead-letter stream');
    return this.tryTo(message, async () => {
      await sendDeadLetter(this.bus, message, handler, error, message.info.deliveryCount);
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
    await sendDeadLetter(this.bus, message, handler, facts.err, facts.attempt);
    await this.inbox.giveUp(entry);
    message.term(facts.err instanceof Error ? facts.err.name : 'failed');
    crashPoint('consume.after-term');
    return 'dead';
  }

  private async acknowledge(message: JsMsg, settlement: 'done' | 'duplicate'): Promise<Settlement> {
    return this.tryTo(message, async () => {
      crashPoint('consume.before-ack');
      // Confirmed by the server: an acknowledgement lost on the way costs a needless redelivery later.
      await message.ackAck();
      crashPoint('consume.after-ack');
      return settlement;
    });
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

function incoming(message: JsMsg, handler: Handler, event: EventOf<unknown>, definition: EventDefinition): Incoming {
  return {
    consumer: handler.durable,
    eventId: event.id,
    aggregateKey: `${event.source}/${aggregateKey(event.tenantid, definition.aggregate, event.subject)}`,
    sequence: event.sequence,
    expectedPrior: expectedPrior(message.headers?.get(PRIOR_HEADER), handler),
    redelivered: message.redelivered,
    ageMs: Date.now() - message.time.getTime(),
  };
}

/** The latest earlier sequence among the handler's types; 0 without a readable header: a stranger's event is taken as it comes. */
function expectedPrior(header: string | undefined, handler: Handler): number {
  if (!header) return 0;
  try {
    const prior = JSON.parse(header) as Record<string, unknown>;
    return Math.max(0, ...Object.entries(prior).map(([type, sequence]) => (handler.events.has(type) && typeof sequence === 'number' ? sequence : 0)));
  } catch {
    return 0;
  }
}
