import { Injectable } from '@nestjs/common';
import { CallEndedV1 } from '@troncal/contracts';
import { ConsumesEvent, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { EndConversation } from './end-conversation.js';

/** A call that is over has no conversation any more, whoever forgot to detach it. */
@Injectable()
export class OnCallEnded {
  constructor(private readonly ending: EndConversation) {}

  @ConsumesEvent(CallEndedV1)
  async handle(event: ConsumedEvent<typeof CallEndedV1>, { tx }: Delivery): Promise<void> {
    await this.ending.within(tx, event.data.callId, 'call_ended');
  }
}
