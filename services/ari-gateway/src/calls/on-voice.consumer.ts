import { Inject, Injectable } from '@nestjs/common';
import { AgentInterruptedV1, ConversationEndedV1, ConversationStartedV1, EngineChangedV1, HandoffRequestedV1, ToolCalledV1, ToolCompletedV1, TurnCompletedV1 } from '@troncal/contracts';
import { ConsumesEvents, type ConsumedEvent, type Delivery } from '@troncal/messaging';
import { CALL_REPOSITORY, type CallRepository } from './call.repository.js';

const TYPES = [ConversationStartedV1, TurnCompletedV1, AgentInterruptedV1, EngineChangedV1, ToolCalledV1, ToolCompletedV1, HandoffRequestedV1, ConversationEndedV1] as const;

/** What was said and done by the agent, in the timeline of its call. */
@Injectable()
export class OnVoice {
  constructor(@Inject(CALL_REPOSITORY) private readonly calls: CallRepository) {}

  @ConsumesEvents(TYPES)
  async handle(event: ConsumedEvent<(typeof TYPES)[number]>, { tx }: Delivery): Promise<void> {
    await this.calls.addToTimeline(tx, event.data.callId, event);
  }
}
