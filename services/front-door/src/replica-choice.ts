/**
 * Which of a service's replicas is asked. One is stayed with until it can't be reached, and then the next: whoever is asked passes on what another one
 * must do. Never back by itself: an address that is down for an hour costs one request.
 */
export class ReplicaChoice {
  private at = 0;

  constructor(private readonly origins: readonly [string, ...string[]]) {}

  get origin(): string {
    return this.origins[this.at] ?? this.origins[0];
  }

  /** Nobody listens there. */
  unreachable(origin: string): void {
    if (origin === this.origin) this.at = (this.at + 1) % this.origins.length;
  }
}
