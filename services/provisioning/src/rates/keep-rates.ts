import type { Clock } from '@troncal/kernel';
import type { RateSource } from './rate-source.js';
import type { RateRepository } from './rates.repository.js';
import type { RefreshRates } from './refresh-rates.js';

const MINUTE_MS = 60_000;
/** How long a price is taken for today's; an older one still holds while a newer is asked for. */
const FRESH_MS = 24 * 60 * MINUTE_MS;

/**
 * Sees to it that prices are known of the countries that are called: read at the first call to one, and again when they are a day old. Countries that
 * nobody calls are never asked for.
 */
export class KeepRates {
  /** Until when a country needs no look, ms since the epoch. */
  private readonly settledUntil = new Map<string, number>();
  private readonly looking = new Map<string, Promise<void>>();

  /** @param source absent: this Troncal has no account whose prices could be asked for */
  constructor(
    private readonly rates: RateRepository,
    private readonly refresh: RefreshRates,
    private readonly source: RateSource | undefined,
    private readonly clock: Clock,
  ) {}

  /** Resolves when prices to that country are known, or can't be had for now; never rejects. What is a day old is refreshed behind it. */
  ensure(country: string): Promise<void> {
    if (!this.source || (this.settledUntil.get(country) ?? 0) > this.clock.now()) return Promise.resolve();
    const look = this.looking.get(country) ?? this.look(country, this.source).finally(() => this.looking.delete(country));
    this.looking.set(country, look);
    return look;
  }

  private async look(country: string, source: RateSource): Promise<void> {
    try {
      const readAt = await this.rates.readAt(country);
      const asking = this.clock.now() - (readAt?.getTime() ?? 0) < FRESH_MS ? undefined : this.ask(country, source);
      if (readAt === undefined) await asking;
    } catch {
      // The database is away, and with it the call that wanted the price: it says so.
    }
  }

  /** What failed is tried again in a minute, not at each call. */
  private async ask(country: string, source: RateSource): Promise<void> {
    this.settledUntil.set(country, this.clock.now() + MINUTE_MS);
    const { failed } = await this.refresh.run(source, [country]);
    if (failed.length === 0) this.settledUntil.set(country, this.clock.now() + FRESH_MS);
  }
}
