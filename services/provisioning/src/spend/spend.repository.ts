import type { Caps } from '@troncal/contracts';
import type { Queryable, Tx } from '@troncal/persistence';
import type { Purse, Reservation, SpendAccount, SpendUse } from './spend-account.js';

/** Which moment of a tenant's money is asked about. */
export interface SpendMoment {
  readonly at: Date;
  /** The tenant's date then. */
  readonly day: string;
  readonly currency: string;
}

/** What a reservation came to. */
export interface SettledCost {
  readonly minutes: number;
  readonly micros: number;
  /** By Twilio's own price, not by our rate. */
  readonly priced: boolean;
}

/** A reservation as it stands. */
export interface StoredReservation extends Purse {
  readonly day: string;
  readonly currency: string;
  readonly perMinuteMicros: number;
  readonly settled: SettledCost | undefined;
}

/** Keeps caps, reservations and what was spent. */
export abstract class SpendRepository {
  /** The account as nobody may change it until the transaction ends: whoever decides or settles calls of a tenant takes it first. */
  abstract lock(tx: Tx, purse: Purse): Promise<SpendAccount>;
  abstract find(purse: Purse): Promise<SpendAccount>;
  abstract setCaps(tx: Tx, purse: Purse, caps: Caps, revision: number): Promise<void>;
  /** What is used at that moment. Within a transaction that holds the account's lock it stays so until its end. */
  abstract use(db: Queryable, purse: Purse, moment: SpendMoment): Promise<SpendUse>;
  abstract reserve(tx: Tx, reservation: Reservation): Promise<void>;
  abstract reservation(db: Queryable, reservationId: string): Promise<StoredReservation | undefined>;
  /** Puts the cost in the place of what was kept, or of what was settled before. Wants the account locked. */
  abstract settle(tx: Tx, reservationId: string, was: StoredReservation, cost: SettledCost): Promise<void>;
  /** False when that cap was told of that day already. */
  abstract alarm(tx: Tx, purse: Purse, day: string, cap: string): Promise<boolean>;
}
