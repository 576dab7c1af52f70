interface Waiter {
  readonly who: string;
  readonly go: () => void;
}

/**
 * Lets a number of works go on at once, shared fairly by those who bring them. Whoever has as many at work as places are free gets
 * no further one (dynamic thresholds, Choudhury and Hahne 1998, with alpha 1): one that is slow may take half of the places, a second slow one
 * half of the rest, and a quick one still finds a place at once. Within that, first come, first served.
 */
export class Turnstile {
  private free: number;
  private readonly atWork = new Map<string, number>();
  private readonly waiting: Waiter[] = [];

  constructor(limit: number) {
    this.free = limit;
  }

  /** Runs `work` as soon as `who` may have a place. */
  async pass<T>(who: string, work: () => Promise<T>): Promise<T> {
    // Whoever waits already goes first: a newcomer of the same name must not slip in between.
    if (this.mayEnter(who) && !this.waiting.some((waiter) => waiter.who === who)) this.enter(who);
    else await new Promise<void>((resolve) => this.waiting.push({ who, go: resolve }));
    try {
      return await work();
    } finally {
      this.leave(who);
    }
  }

  private mayEnter(who: string): boolean {
    return this.free > (this.atWork.get(who) ?? 0);
  }

  private enter(who: string): void {
    this.free -= 1;
    this.atWork.set(who, (this.atWork.get(who) ?? 0) + 1);
  }

  private leave(who: string): void {
    this.free += 1;
    const left = (this.atWork.get(who) ?? 1) - 1;
    if (left > 0) this.atWork.set(who, left);
    else this.atWork.delete(who);
    for (let next = this.admissible(); next >= 0; next = this.admissible()) {
      const [waiter] = this.waiting.splice(next, 1);
      if (!waiter) return;
      // The place is handed over, not freed.
      this.enter(waiter.who);
      waiter.go();
    }
  }

  private admissible(): number {
    return this.free === 0 ? -1 : this.waiting.findIndex((waiter) => this.mayEnter(waiter.who));
  }
}
