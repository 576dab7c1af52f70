import type { Envelope } from '@troncal/contracts';

/** How long an event is held so that earlier ones of other streams can still come before it. */
export const HOLD_MS = 250;

/**
 * Puts events of several streams into the order in which they happened. Each stream comes in its own order, but an outbox may be read
 * a moment later than another. An event is held for a while after its arrival, then told with all that happened before it. One
 * that comes later still is told at once, out of order: none is lost.
 */
export class InOrder {
  private held: { readonly envelope: Envelope; readonly at: number; readonly arrivedAt: number }[] = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param tell is given each event once
   * @param holdMs how long an event is held
   * @param now a monotonic clock, in ms
   */
  constructor(
    private readonly tell: (envelope: Envelope) => void,
    private readonly holdMs = HOLD_MS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  push(envelope: Envelope): void {
    this.held.push({ envelope, at: Date.parse(envelope.time), arrivedAt: this.now() });
    this.wait();
  }

  /** Tells what has been held long enough, and all that happened before it. */
  settle(): void {
    const ripe = this.held.filter((event) => event.arrivedAt <= this.now() - this.holdMs);
    const until = Math.max(-Infinity, ...ripe.map((event) => event.at));
    this.release((event) => event.at <= until);
  }

  /** Tells all that is held. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.release(() => true);
  }

  private release(due: (event: { readonly at: number }) => boolean): void {
    // A stable sort: within one millisecond the order of arrival stays, which for one stream is its own.
    const told = this.held.filter(due).toSorted((a, b) => a.at - b.at);
    this.held = this.held.filter((event) => !due(event));
    for (const { envelope } of told) this.tell(envelope);
  }

  private wait(): void {
    const [oldest] = this.held;
    if (this.timer !== undefined || oldest === undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.settle();
      this.wait();
    }, Math.max(1, oldest.arrivedAt + this.holdMs - this.now()));
  }
}
