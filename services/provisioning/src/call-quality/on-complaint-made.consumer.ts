import { Injectable } from '@nestjs/common';
import { ComplaintMadeV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { CallQualityRepository } from './call-quality.repository.js';

/** Counts complaints of calls of either rail, on the day of the call. */
@Injectable()
export class OnComplaintMade {
  constructor(private readonly quality: CallQualityRepository) {}

  @ConsumesEvent(ComplaintMadeV1)
  async handle({ tenantid, data }: ConsumedEvent<typeof ComplaintMadeV1>, { tx }: Delivery): Promise<void> {
    await this.quality.complain(tx, tenantid, new Date(data.callStartedAt), data.kind);
  }
}
