/** What a month of a number costs in one country, by Twilio's kinds: `local`, `mobile`, `national`, `toll free`. */
export interface CountryRents {
  /** ISO 4217. */
  readonly currency: string;
  /** Millionths of the currency's unit. */
  readonly perMonthMicros: ReadonlyMap<string, number>;
}

/** Knows what numbers cost. */
export abstract class RentSource {
  /** Of one country (ISO 3166-1 alpha-2); no kinds where none are sold. @throws TransientError when it can't be asked */
  abstract rentsIn(country: string): Promise<CountryRents>;
}
