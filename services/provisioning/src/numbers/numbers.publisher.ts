import { Injectable } from '@nestjs/common';
import { NumberAssignedV1, NumberReleasedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { AssignedNumber } from './number.js';

/** States what becomes true of a number, in the transaction that makes it so. */
@Injectable()
export class NumberPublisher {
  constructor(private readonly outbox: Outbox) {}

  async assigned(tx: Tx, { number, tenant, route, revision }: AssignedNumber): Promise<void> {
    await this.outbox.emit(tx, NumberAssignedV1, { tenant, subject: number, data: { number, route, revision } });
  }

  /** @param number with the revision that tells of its end */
  async released(tx: Tx, { number, tenant, revision }: AssignedNumber): Promise<void> {
    await this.outbox.emit(tx, NumberReleasedV1, { tenant, subject: number, data: { number, revision } });
  }
}
