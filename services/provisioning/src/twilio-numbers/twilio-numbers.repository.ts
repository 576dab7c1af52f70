import type { Queryable, Tx } from '@troncal/persistence';
import type { TwilioNumber } from './twilio-number.js';

/** Keeps what numbers tenants want at Twilio, and which ones they got. */
export abstract class TwilioNumberRepository {
  abstract find(e164: string): Promise<TwilioNumber | undefined>;
  abstract list(environment: string, tenants?: readonly string[], from?: Queryable): Promise<TwilioNumber[]>;
  /** Which of these are anybody's here. */
  abstract known(e164s: readonly string[], from?: Queryable): Promise<ReadonlySet<string>>;
  abstract lock(tx: Tx, e164: string): Promise<TwilioNumber | undefined>;
  /** Those of these that are anybody's here, locked in one order whoever asks. */
  abstract lockAll(tx: Tx, e164s: readonly string[]): Promise<TwilioNumber[]>;
  /** One statement, however many they are, in their order. */
  abstract save(tx: Tx, ...numbers: readonly TwilioNumber[]): Promise<void>;
  abstract remove(tx: Tx, ...numbers: readonly Pick<TwilioNumber, 'environment' | 'tenant' | 'wish'>[]): Promise<void>;
}
