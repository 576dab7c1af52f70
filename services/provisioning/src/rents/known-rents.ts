import { withDeadline, type Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CountryRents, RentSource } from './rent-source.js';

/** How long a price is taken for today's. */
const FRESH_MS = 24 * 3_600_000;
/** A plan waits so long for prices, and is shown without them then. */
const PATIENCE_MS = 5_000;

/** What was asked for. */
export interface RentsAsked {
  /** Those that are known, by country. */
  readonly rents: ReadonlyMap<string, CountryRents>;
  /** Requests that it took. */
  readonly reads: number;
}

/** What numbers cost, asked of Twilio once a day for each country. */
export class KnownRents {
  private readonly known = new Map<string, { readonly rents: CountryRents; readonly until: number }>();
  private readonly asking = new Map<string, Promise<CountryRents>>();

  /** @param source absent: this Troncal has no account whose prices could be asked for */
  constructor(
    private readonly source: RentSource | undefined,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Never rejects: what can't be had in time is left out, and comes with a later question. */
  async of(countries: Iterable<string>): Promise<RentsAsked> {
    const rents = new Map<string, CountryRents>();
    let reads = 0;
    await Promise.all(
      [...new Set(countries)].map(async (country) => {
        const known = this.known.get(country);
        if (known !== undefined && known.until > this.clock.now()) return rents.set(country, known.rents);
        if (this.source === undefined) return undefined;
        reads += 1;
        try {
          return rents.set(country, await withDeadline(this.ask(country, this.source), this.patienceMs, `the prices of numbers in ${country}`));
        } catch (error) {
          this.logger.warn({ err: error, country }, 'prices of numbers could not be read');
          return undefined;
        }
      }),
    );
    return { rents, reads };
  }

  private ask(country: string, source: RentSource): Promise<CountryRents> {
    const asking = this.asking.get(country) ?? this.read(country, source).finally(() => this.asking.delete(country));
    this.asking.set(country, asking);
    return asking;
  }

  private async read(country: string, source: RentSource): Promise<CountryRents> {
    const rents = await source.rentsIn(country);
    this.known.set(country, { rents, until: this.clock.now() + FRESH_MS });
    return rents;
  }
}
