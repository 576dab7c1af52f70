import { Injectable } from '@nestjs/common';
import { EmergencyUnreachableV1, SpendCapReachedV1 } from '@troncal/contracts';
import type { CapName } from '@troncal/dial-guard';
import { Outbox, type Tx } from '@troncal/persistence';
import type { Purse } from './spend-account.js';

/** States that a cap stands in the way of calls, in the transaction that found it. */
@Injectable()
export class SpendPublisher {
  constructor(private readonly outbox: Outbox) {}

  async capReached(tx: Tx, { environment, tenant }: Purse, cap: { readonly name: CapName; readonly limit: number; readonly used: number }, when: { readonly day: string; readonly currency: string; readonly callId: string }): Promise<void> {
    const isMoney = cap.name === 'day_spend' || cap.name === 'month_spend';
    await this.outbox.emit(tx, SpendCapReachedV1, {
      tenant, subject: `${environment}/${tenant}`,
      data: { environment, cap: cap.name, limit: cap.limit, used: cap.used, ...(isMoney && { currency: when.currency }), day: when.day, callId: when.callId },
    });
  }

  async emergencyUnreachable(tx: Tx, { environment, tenant }: Purse, call: { readonly callId: string; readonly number: string; readonly country: string; readonly extension: string | null; readonly acknowledged: boolean }): Promise<void> {
    const { callId, number, country, extension, acknowledged } = call;
    await this.outbox.emit(tx, EmergencyUnreachableV1, {
      tenant, subject: callId, correlationId: callId, data: { environment, callId, number, country, ...(extension !== null && { extension }), acknowledged },
    });
  }
}
