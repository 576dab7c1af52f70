import type { Envelope } from '@troncal/contracts';
import type { BusEvent } from './evidence.js';

/** The log with what was published twice under one id counted once: consumers do the same. */
export function unique(bus: readonly BusEvent[]): BusEvent[] {
  return [...new Map(bus.map((event) => [event.envelope.id, event])).values()];
}

/** One field of an event's data as text; empty when it isn't there. */
export function field(envelope: Envelope, name: string): string {
  const value = (envelope.data as Readonly<Record<string, unknown>> | null)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** How many facts of a type have each value of a field. */
export function countBy(bus: readonly BusEvent[], name: string, fits: (envelope: Envelope) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { envelope } of unique(bus)) {
    if (!fits(envelope)) continue;
    const value = field(envelope, name);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
