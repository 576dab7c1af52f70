import type { JsMsg } from '@nats-io/jetstream';
import type { Envelope, EventDefinition, EventOf, ServiceName } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import { doAskedWork, type Span, type SpanMaker } from '@troncal/observability';
import { aggregateKey, PRIOR_HEADER, type DeadLetter, type Incoming } from '@troncal/persistence';
import type { Delivery } from './consumes-event.js';

/** One handler as the runtime runs it. */
export interface Handler {
  readonly service: ServiceName;
  readonly handler: string;
  /** The durable's name, and the inbox's consumer. */
  readonly durable: string;
  /** By type: `CallStarted.v1`. */
  readonly events: ReadonlyMap<string, EventDefinition>;
  /** Whose events it takes; everybody's when absent. */
  readonly from: readonly ServiceName[] | undefined;
  readonly timeoutMs: number;
  readonly backoffMs: readonly number[];
  readonly handle: (event: EventOf<unknown>, delivery: Delivery) => Promise<void>;
}

/** A message as it came: from the bus, or from among the dead letters. */
export interface RawMessage {
  readonly body: Uint8Array;
  readonly header: (name: string) => string | undefined;
  /** When the bus stored it. */
  readonly time: Date;
  readonly redelivered: boolean;
}

export const rawDelivery = (message: JsMsg): RawMessage => ({ body: message.data, header: (name) => message.headers?.get(name), time: message.time, redelivered: message.redelivered });
export const rawLetter = (letter: DeadLetter): RawMessage => ({ body: letter.body, header: (name) => letter.headers[name], time: letter.publishedAt, redelivered: true });

/** An event that was read, with what the inbox needs to know of it. */
export interface OpenedEvent {
  readonly event: EventOf<unknown>;
  readonly definition: EventDefinition;
  readonly entry: Incoming;
}

/** A message that was read, or why it can't be. */
export type OpenedMessage = OpenedEvent | { readonly unreadable: unknown };

/** Reads a message as the handler's contract has it. Never throws. */
export function openMessage(raw: RawMessage, handler: Handler): OpenedMessage {
  try {
    const envelope = JSON.parse(new TextDecoder().decode(raw.body)) as Envelope;
    const definition = handler.events.get(envelope?.type);
    if (!definition) throw new PermanentError('unexpected_type', `${handler.durable} got an event of type ${JSON.stringify(envelope?.type)}.`);
    const event = definition.read(envelope);
    return { event, definition, entry: incoming(raw, handler, event, definition) };
  } catch (error) {
    return { unreadable: error };
  }
}

/** Who processes what. */
export interface Processing {
  readonly raw: RawMessage;
  readonly opened: OpenedEvent;
  readonly handler: Handler;
  readonly spans: SpanMaker | undefined;
}

/** Runs work on an event in the event's own trace, tenant, correlation and call. */
export function processing<T>({ raw, opened: { event, definition }, handler, spans }: Processing, work: (span: Span) => T): T {
  const context = {
    tenant: event.tenantid,
    correlationId: event.correlationid,
    causationId: event.id,
    ...(definition.aggregate === 'call' && { call: event.subject }),
    ...(spans && { spans }),
  };
  const attributes = { 'messaging.system': 'nats', 'messaging.operation.name': 'process', 'messaging.operation.type': 'process', 'messaging.destination.name': event.type, 'messaging.message.id': event.id, 'messaging.consumer.group.name': handler.durable };
  return doAskedWork({ name: `process ${event.type}`, kind: 'consumer', traceparent: raw.header('traceparent'), context, attributes }, work);
}

function incoming(raw: RawMessage, handler: Handler, event: EventOf<unknown>, definition: EventDefinition): Incoming {
  return {
    consumer: handler.durable,
    eventId: event.id,
    aggregateKey: `${event.source}/${aggregateKey(event.tenantid, definition.aggregate, event.subject)}`,
    sequence: event.sequence,
    expectedPrior: expectedPrior(raw.header(PRIOR_HEADER), handler),
    redelivered: raw.redelivered,
    ageMs: Date.now() - raw.time.getTime(),
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
