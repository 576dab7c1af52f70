import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { errorText, type Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { RateSource } from './rate-source.js';
import { RateRepository } from './rates.repository.js';

/** What became of a refresh. */
export interface Refreshed {
  readonly prefixes: number;
  /** Countries whose prices could not be read; what was known of them holds. */
  readonly failed: readonly { readonly country: string; readonly why: string }[];
}

/** Reads what calls to these countries cost now; one that fails leaves the others be, and its own older prices too. */
@Injectable()
export class RefreshRates {
  constructor(
    private readonly rates: RateRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws TransientError database_away */
  async run(source: RateSource, countries: readonly string[]): Promise<Refreshed> {
    const failed: { country: string; why: string }[] = [];
    let prefixes = 0;
    for (const country of new Set(countries)) {
      try {
        const prices = await source.pricesTo(country);
        await this.rates.replace(country, prices, this.clock.date());
        prefixes += prices.length;
      } catch (error) {
        this.logger.warn({ err: error, country }, 'prices of calls could not be refreshed');
        failed.push({ country, why: errorText(error) });
      }
    }
    return { prefixes, failed };
  }
}
