/** What a minute to numbers that begin so costs. */
export interface Rate {
  /** `+` and digits. */
  readonly prefix: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Millionths of the currency's unit. */
  readonly perMinuteMicros: number;
}

/** Knows what calls cost. */
export abstract class RateSource {
  /**
   * Every price of a minute to one country (ISO 3166-1 alpha-2); of several for one prefix, the highest.
   * @throws TransientError when it can't be asked; PermanentError `no_prices` for a country without any
   */
  abstract pricesTo(country: string): Promise<readonly Rate[]>;
}
