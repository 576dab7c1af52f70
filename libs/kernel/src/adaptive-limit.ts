/** Where an {@link AdaptiveLimit} begins and how far it goes, in requests at once. */
export interface LimitBounds {
  readonly start: number;
  readonly most: number;
}

/**
 * How many requests may be under way at once, found by trying: a little more for each one that went well while all places were taken, half after one that was
 * too many (AIMD): for limits of an account's requests at once that nobody publishes, where what was refused was not done. Who finds no place waits, first come
 * first served.
 */
export class AdaptiveLimit {
  private places: number;
  private underWay = 0;
  /** How often it was halved: a refusal of a request that began before the last time says nothing new. */
  private halvings = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly bounds: LimitBounds = { start: 10, most: 100 }) {
    this.places = bounds.start;
  }

  /** Requests that may be under way now; never less than one. */
  get allowed(): number {
    return Math.floor(this.places);
  }

  /** Does the work when there is a place for it. What it throws says nothing of the limit. */
  async run<T>(work: () => Promise<T>, wasTooMany: (outcome: T) => boolean): Promise<T> {
    await this.place();
    const { halvings } = this;
    try {
      const outcome = await work();
      if (wasTooMany(outcome)) this.halve(halvings);
      else if (this.underWay >= this.allowed) this.places = Math.min(this.bounds.most, this.places + 1 / this.places);
      return outcome;
    } finally {
      this.underWay -= 1;
      this.letIn();
    }
  }

  private place(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.letIn();
    });
  }

  private letIn(): void {
    while (this.underWay < this.allowed) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      this.underWay += 1;
      next();
    }
  }

  private halve(seen: number): void {
    if (seen !== this.halvings) return;
    this.halvings += 1;
    this.places = Math.max(1, this.places / 2);
  }
}
