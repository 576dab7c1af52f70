import { Injectable } from '@nestjs/common';
import { billedMinutes } from '@troncal/dial-guard';
import { PermanentError } from '@troncal/kernel';
import { Database } from '@troncal/persistence';
import { SpendRepository } from './spend.repository.js';

/** How a reserved call ended; see {@link OutboundDesk}. */
export interface CallCost {
  readonly reservationId: string;
  readonly billedS: number;
  readonly priceMicros?: number;
}

/**
 * Puts what a call cost in the place of what was kept for it. However often it is told, it counts once: the latest duration and price win, and a price
 * of Twilio's own isn't replaced by our reckoning.
 */
@Injectable()
export class SettleCall {
  constructor(
    private readonly db: Database,
    private readonly spend: SpendRepository,
  ) {}

  /** @throws PermanentError bad_settlement; TransientError database_away */
  async run({ reservationId, billedS, priceMicros }: CallCost): Promise<void> {
    if (!isAmount(Math.ceil(billedS)) || (priceMicros !== undefined && !isAmount(priceMicros))) {
      throw new PermanentError('bad_settlement', `Not what a call can come to: ${billedS} s, ${priceMicros ?? 'no price'}.`, { details: { reservationId }, remedy: 'Give seconds and whole millionths, neither below zero.' });
    }
    await this.db.transaction(async (tx) => {
      // Whose it is never changes, so it may be read before the lock.
      const owner = await this.spend.reservation(tx, reservationId);
      if (!owner) return;
      await this.spend.lock(tx, owner);
      const was = await this.spend.reservation(tx, reservationId);
      if (!was) return;
      const minutes = billedMinutes(billedS);
      const priced = priceMicros !== undefined || (was.settled?.priced ?? false);
      const micros = priceMicros ?? (was.settled?.priced ? was.settled.micros : minutes * was.perMinuteMicros);
      await this.spend.settle(tx, reservationId, was, { minutes, micros, priced });
    });
  }
}

const isAmount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
