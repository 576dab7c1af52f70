import { Injectable } from '@nestjs/common';
import { BundleReviewedV1, PortInChangedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { BundleState, PortState } from '../twilio/account/papers/papers.js';
import type { Verdict } from './judge-waiting.js';

/** A number that waits, and whose it is. */
export interface WaitingOwner {
  readonly environment: string;
  readonly tenant: string;
  readonly e164: string;
}

/** States what people have decided about the numbers of a tenant, and who has to do what. */
@Injectable()
export class WaitingPublisher {
  constructor(private readonly outbox: Outbox) {}

  async bundleReviewed(tx: Tx, { environment, tenant, e164 }: WaitingOwner, { sid, reason }: BundleState, { settled, who }: Verdict): Promise<void> {
    if (settled === undefined) return;
    await this.outbox.emit(tx, BundleReviewedV1, { tenant, subject: sid, data: { environment, bundle: sid, outcome: settled, ...(reason === undefined ? {} : { reason }), number: e164, who } });
  }

  async portInChanged(tx: Tx, { environment, tenant, e164 }: WaitingOwner, { sid, status, targetDate, reason }: PortState, { who }: Verdict): Promise<void> {
    await this.outbox.emit(tx, PortInChangedV1, { tenant, subject: sid, data: { environment, request: sid, status, ...(targetDate === undefined ? {} : { targetDate }), ...(reason === undefined ? {} : { reason }), number: e164, who } });
  }
}
