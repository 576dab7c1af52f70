import type { Queryable } from '@troncal/persistence';
import type { Rate } from './rate-source.js';

/** Keeps what minutes cost. */
export abstract class RateRepository {
  /** Puts these in the place of all that was known of that country. */
  abstract replace(country: string, rates: readonly Rate[], readAt: Date): Promise<void>;
  /** When prices of that country were read last; undefined: never. */
  abstract readAt(country: string): Promise<Date | undefined>;
  /** By the longest prefix of that country that the number begins with; undefined: no price is known. */
  abstract find(db: Queryable, country: string, e164: string, currency: string): Promise<Rate | undefined>;
}
