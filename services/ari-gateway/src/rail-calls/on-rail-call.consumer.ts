import { Inject, Injectable } from '@nestjs/common';
import { ConsumesEvents, type Delivery } from '@troncal/messaging';
import { CALL_REPOSITORY, type CallRepository } from '../calls/call.repository.js';
import { projectRailCall, RAIL_EVENTS, type RailEvent } from './project-rail-call.js';

/** Calls on Twilio's rail among all others: provisioning has them in hand and tells of them, the gateway shows them. Its own events it knows already. */
@Injectable()
export class OnRailCall {
  constructor(@Inject(CALL_REPOSITORY) private readonly calls: CallRepository) {}

  @ConsumesEvents(RAIL_EVENTS, { from: ['provisioning'] })
  async handle(event: RailEvent, { tx }: Delivery): Promise<void> {
    await this.calls.project(tx, event.data.callId, (call) => projectRailCall(call, event));
    await this.calls.addToTimeline(tx, event.data.callId, event);
  }
}
