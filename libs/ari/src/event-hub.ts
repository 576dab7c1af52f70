import { errorText } from '@troncal/kernel';
import type { FaultListener } from './fault.js';
import type { AriEvent, AriEventOf, AriEventType } from './generated/events.js';
import { parseEvent, type UnrecognisedEvent } from './parse-event.js';

/** Ends a subscription. */
export type Unsubscribe = () => void;

export type AnyEventListener = (event: AriEvent | UnrecognisedEvent) => void;

/**
 * Hands events to listeners, in Asterisk's order, each listener once. A listener that throws (or whose promise rejects) is reported and hurts
 * nobody else; nothing waits for a listener's promise.
 */
export class EventHub {
  private readonly byType = new Map<AriEventType, Set<(event: AriEvent) => unknown>>();
  private readonly all = new Set<AnyEventListener>();

  constructor(private readonly onFault: FaultListener) {}

  on<T extends AriEventType>(type: T, listener: (event: AriEventOf<T>) => unknown): Unsubscribe {
    const listeners = this.byType.get(type) ?? new Set();
    this.byType.set(type, listeners);
    // Sound because `dispatch` gives a listener of `type` only events of that type.
    const entry = (event: AriEvent): unknown => listener(event as AriEventOf<T>);
    listeners.add(entry);
    return () => listeners.delete(entry);
  }

  onAny(listener: AnyEventListener): Unsubscribe {
    // An entry of our own, so that one function given twice is two subscriptions.
    const entry: AnyEventListener = (event) => listener(event);
    this.all.add(entry);
    return () => this.all.delete(entry);
  }

  /** One message from the socket. */
  receive(text: string): void {
    const { event, complaint } = parseEvent(text);
    if (complaint) this.onFault({ kind: 'bad-event', message: complaint });
    if (event) this.dispatch(event);
  }

  private dispatch(event: AriEvent | UnrecognisedEvent): void {
    for (const listener of this.all) this.call(event.type, () => listener(event));
    if (event.type === 'unrecognised') return;
    for (const listener of this.byType.get(event.type) ?? []) this.call(event.type, () => listener(event));
  }

  private call(type: string, listener: () => unknown): void {
    try {
      const result = listener();
      if (result instanceof Promise) result.catch((error: unknown) => this.report(type, error));
    } catch (error) {
      this.report(type, error);
    }
  }

  private report(type: string, error: unknown): void {
    this.onFault({ kind: 'listener', message: `a listener of ${type} failed: ${errorText(error)}`, cause: error });
  }
}
