import { Controller, Inject } from '@nestjs/common';
import { DetachV1, LegTakenV1, SummariseV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { EndConversation } from './end-conversation.js';
import { SummariseConversation } from './summarise-conversation.js';

/** What the gateway asks of any of us, for as long as this process lives. */
@Controller()
export class VoiceCommandsResponder {
  constructor(
    private readonly ending: EndConversation,
    private readonly summarising: SummariseConversation,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
  ) {}

  @HandlesCommand(DetachV1)
  async detach({ callId, reason }: z.output<typeof DetachV1.request>): Promise<{ detached: boolean }> {
    return { detached: await this.ending.execute(callId, reason) };
  }

  @HandlesCommand(LegTakenV1)
  async legTaken({ legId }: z.output<typeof LegTakenV1.request>): Promise<{ taken: boolean }> {
    return { taken: await this.conversations.legTaken(legId) };
  }

  @HandlesCommand(SummariseV1)
  async summarise({ callId }: z.output<typeof SummariseV1.request>): Promise<{ summary: string }> {
    return { summary: await this.summarising.execute(callId) };
  }
}
