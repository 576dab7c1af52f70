import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import type { BudgetRate } from '@troncal/dial-guard';
import { pause, readNumber } from '@troncal/kernel';
import type { Queryable } from '@troncal/persistence';
import type { SpendConfig } from '../spend/spend-env.js';
import { KeepRates } from './keep-rates.js';
import { RateRepository } from './rates.repository.js';

/** How long a caller waits for prices that were never read; then the platform's own for unknown ones holds. */
const PATIENCE_MS = 1_000;

/** What a minute to a number costs: by the prices known of its country, else by the platform's own for all that have none. */
@Injectable()
export class PriceOfCall {
  constructor(
    private readonly rates: RateRepository,
    private readonly keep: KeepRates,
    @Inject(CONFIG) private readonly config: SpendConfig,
  ) {}

  /** Has the prices of the number's country read if they never were; waits for it a second at most, and outside of any transaction. */
  async prepare(number: string): Promise<void> {
    const country = readNumber(number)?.country;
    if (country === undefined) return;
    const waited = new AbortController();
    await Promise.race([this.keep.ensure(country), pause(PATIENCE_MS, waited.signal)]);
    waited.abort();
  }

  /** @param number E.164 @param currency of the caps @returns undefined: nobody knows, so it isn't called */
  async find(db: Queryable, number: string, currency: string): Promise<BudgetRate | undefined> {
    const country = readNumber(number)?.country;
    const known = country === undefined ? undefined : await this.rates.find(db, country, number, currency);
    if (known) return { perMinuteMicros: known.perMinuteMicros, source: 'prefix', prefix: known.prefix };
    const fallback = this.config.OUTBOUND_DEFAULT_RATE_MICROS;
    return fallback === undefined || currency !== this.config.OUTBOUND_CURRENCY ? undefined : { perMinuteMicros: fallback, source: 'default', prefix: '' };
  }
}
