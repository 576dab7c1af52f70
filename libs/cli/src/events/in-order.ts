/** How long an event is held so that earlier ones of other streams can still come before it. */
export const HOLD_MS = 250;

/**
 * Puts what happened into the order in which it happened. Each stream of events comes in its own order, but one outbox may be
 * read a moment later than another. An event is held for a while after its arrival, then told with all that happened before it. One
 * that comes later still is told at once, out of order: none is lost.
 */
export class InOrder<Happening> {
  private held: { readonly what: Happening; readonly at: number; readonly arrivedAt: number }[] = [];
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param tell is given each event once
   * @param holdMs how long an event is held
   * @param now a monotonic clock, in ms
   */
  constructor(
    private readonly tell: (what: Happening) => void,
    private readonly holdMs = HOLD_MS,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param time when it happened, RFC 3339 */
  push(what: Happening, time: string): void {
    this.held.push({ what, at: Date.parse(time), arrivedAt: this.now() });
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
    for (const { what } of told) this.tell(what);
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
