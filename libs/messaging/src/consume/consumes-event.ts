import { DiscoveryService } from '@nestjs/core';
import { handlerFor, type EventDefinition, type EventOf, type ServiceName } from '@troncal/contracts';
import type { Tx } from '@troncal/persistence';

/** What a handler gets besides the event. */
export interface Delivery {
  /** The transaction that also records the event as done: write every effect in it, and state the facts that follow from it. */
  readonly tx: Tx;
  /** One more than the tries that ended in an error. */
  readonly attempt: number;
}

/** How one handler is run. */
export interface HandlerOptions {
  /** Kebab-case; names the durable consumer. Follows from the event when absent (`on-call-started`). Never rename a live one: it would start anew. */
  readonly handler?: string;
  /** Only what these services state; what others do is passed over without a look at the database. All when absent. */
  readonly from?: readonly ServiceName[];
  /** Events in work at once, of different aggregates; 8 when absent. */
  readonly concurrency?: number;
  /** A try that takes longer counts as failed; 60 s when absent. */
  readonly timeoutMs?: number;
  /** Waits in ms before the second, third … try; their number plus one is the number of tries. */
  readonly backoffMs?: readonly number[];
}

/** The decorator's data. */
export interface Consumes extends HandlerOptions {
  readonly events: readonly EventDefinition[];
}

/** The event as a handler gets it: `ConsumedEvent<typeof CallStartedV1>`; a union of definitions gives a union of events. */
export type ConsumedEvent<D> = D extends EventDefinition<infer Data> ? EventOf<Data> : never;

/** Narrows an event of a handler of several types: `if (isEvent(CallEndedV1, event)) …`. */
export function isEvent<Data>(definition: EventDefinition<Data>, event: EventOf<unknown>): event is EventOf<Data> {
  return event.type === definition.type;
}

type HandlerDecorator<Event> = <M extends (event: Event, delivery: Delivery) => Promise<void>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M>,
) => void;

/** What the runtime looks for on methods. */
export const ConsumesMark = DiscoveryService.createDecorator<Consumes>();

/**
 * The method handles one event type. It takes effect once per event: its transaction also records the event. It's run again when it
 * throws, after a growing wait, and gives up to the dead-letter stream after the last try, or at once on a PermanentError.
 * Events of one aggregate come one after the other, in order.
 */
export function ConsumesEvent<D extends EventDefinition>(definition: D, options: HandlerOptions = {}): HandlerDecorator<ConsumedEvent<D>> {
  return ConsumesMark({ handler: handlerFor(definition), ...options, events: [definition] }) as HandlerDecorator<ConsumedEvent<D>>;
}

/** As ConsumesEvent, for several types of one domain that must be seen in order (a projection); the handler's name is then the domain's. */
export function ConsumesEvents<const Ds extends readonly [EventDefinition, ...EventDefinition[]]>(
  definitions: Ds,
  options: HandlerOptions = {},
): HandlerDecorator<ConsumedEvent<Ds[number]>> {
  return ConsumesMark({ handler: definitions[0].domain, ...options, events: definitions }) as HandlerDecorator<ConsumedEvent<Ds[number]>>;
}
