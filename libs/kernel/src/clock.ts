/** The time, as a port: domain code takes one so that a test can set the hour. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** The same instant as a Date. */
  date(): Date;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  date: () => new Date(),
};

/** A clock that only moves when told, for tests and simulations. */
export class ManualClock implements Clock {
  private at: number;

  /** @param start an ISO 8601 instant, a Date, or milliseconds since the epoch */
  constructor(start: string | number | Date = '2026-01-01T00:00:00Z') {
    this.at = instant(start);
  }

  now(): number {
    return this.at;
  }

  date(): Date {
    return new Date(this.at);
  }

  /** Moves forward by `ms` milliseconds (backward when negative: clocks do jump). */
  advance(ms: number): void {
    this.at += ms;
  }

  /** Jumps to an instant. */
  set(to: string | number | Date): void {
    this.at = instant(to);
  }
}

function instant(value: string | number | Date): number {
  const at = value instanceof Date ? value.getTime() : typeof value === 'number' ? value : Date.parse(value);
  if (Number.isNaN(at)) throw new RangeError(`Not an instant: ${JSON.stringify(value)}. Give ISO 8601, a Date or milliseconds.`);
  return at;
}
