import { Injectable } from '@nestjs/common';
import { EndpointRegisteredV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { RegistrationWaits } from './registration-waits.repository.js';

/** A phone has registered at an edge of ours: the end of what it was waited for since it has its settings. */
@Injectable()
export class OnEndpointRegistered {
  constructor(private readonly waits: RegistrationWaits) {}

  @ConsumesEvent(EndpointRegisteredV1)
  async handle({ tenantid: tenant, time, data }: ConsumedEvent<typeof EndpointRegisteredV1>, { tx }: Delivery): Promise<void> {
    await this.waits.end(tx, { tenant, extension: data.extension, at: new Date(time), by: 'register' });
  }
}
