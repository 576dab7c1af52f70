import { Injectable } from '@nestjs/common';
import { CallQualityMeasuredV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { CallQualityRepository } from './call-quality.repository.js';
import { countLeg } from './quality-counts.js';

/** Adds each leg whose audio was measured, on either rail, to the figures of its tenant. */
@Injectable()
export class OnCallQualityMeasured {
  constructor(private readonly quality: CallQualityRepository) {}

  @ConsumesEvent(CallQualityMeasuredV1)
  async handle({ tenantid, time, data }: ConsumedEvent<typeof CallQualityMeasuredV1>, { tx }: Delivery): Promise<void> {
    await this.quality.add(tx, tenantid, new Date(time), countLeg(data));
  }
}
