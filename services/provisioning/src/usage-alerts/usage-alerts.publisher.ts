import { Injectable } from '@nestjs/common';
import { UsageTriggerFiredV1, type UsageFiring } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';

/** States that an account uses more than it was meant to. */
@Injectable()
export class UsageAlertPublisher {
  constructor(private readonly outbox: Outbox) {}

  async fired(tx: Tx, data: UsageFiring): Promise<void> {
    await this.outbox.emit(tx, UsageTriggerFiredV1, { tenant: '_', subject: data.environment, data });
  }
}
