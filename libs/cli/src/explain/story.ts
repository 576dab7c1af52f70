import type { CallView, Envelope } from '@troncal/contracts';

/** All that is known of one call. */
export interface Story {
  readonly callId: string;
  /** What the API says it is; undefined when the API does not know it, or does not answer. */
  readonly call: CallView | undefined;
  /** In causal order. */
  readonly events: readonly Envelope[];
  /** Whether the bus was read: only there are tickets, campaigns and the comings and goings of edges. */
  readonly busRead: boolean;
  /** Why the API could not be asked, if so. */
  readonly apiTrouble: string | undefined;
}

/** The trace of a call has the call's own id (ADR 0010). */
export const traceIdOf = (callId: string): string => callId.replaceAll('-', '');

/** The events of one type, with their data as a record. */
export function ofType(story: Pick<Story, 'events'>, name: string): { readonly at: number; readonly data: Readonly<Record<string, unknown>>; readonly event: Envelope }[] {
  return story.events.filter((event) => event.type.startsWith(`${name}.v`)).map((event) => ({ at: Date.parse(event.time), data: (event.data ?? {}) as Record<string, unknown>, event }));
}

/** A number of an event's data; undefined when there is none. */
export const numberIn = (data: Readonly<Record<string, unknown>>, field: string): number | undefined => (typeof data[field] === 'number' ? data[field] : undefined);
export const textIn = (data: Readonly<Record<string, unknown>>, field: string): string | undefined => (typeof data[field] === 'string' ? data[field] : undefined);

/**
 * Puts events into the order of cause and effect: by time, but never an effect before its cause, nor an event before its predecessor of the
 * same source and aggregate. Clocks of two machines differ; causes do not.
 */
export function inCausalOrder(events: readonly Envelope[]): Envelope[] {
  const byTime = events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.sequence - b.sequence);
  const byId = new Map(byTime.map((event) => [event.id, event]));
  const told = new Set<string>();
  const order: Envelope[] = [];
  const tell = (event: Envelope): void => {
    if (told.has(event.id)) return;
    told.add(event.id);
    const cause = event.causationid === undefined ? undefined : byId.get(event.causationid);
    if (cause) tell(cause);
    for (const before of byTime) if (before.source === event.source && before.subject === event.subject && before.sequence < event.sequence) tell(before);
    order.push(event);
  };
  for (const event of byTime) tell(event);
  return order;
}
