import { Controller, Inject } from '@nestjs/common';
import { DetachV1, LegOutcomeV1, LegTakenV1, SummariseV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { EndConversation } from './end-conversation.js';
import { LegOutcomes } from './leg-outcomes.js';
import { SummariseConversation } from './summarise-conversation.js';

/** What the gateway and provisioning ask of any of us, for as long as this process lives. */
@Controller()
export class VoiceCommandsResponder {
  constructor(
    private readonly ending: EndConversation,
    private readonly summarising: SummariseConversation,
    private readonly outcomes: LegOutcomes,
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

  @HandlesCommand(LegOutcomeV1)
  async legOutcome({ leg }: z.output<typeof LegOutcomeV1.request>): Promise<z.output<typeof LegOutcomeV1.reply>> {
    return this.outcomes.of(leg);
  }

  @HandlesCommand(SummariseV1)
  async summarise({ callId }: z.output<typeof SummariseV1.request>): Promise<{ summary: string }> {
    return { summary: await this.summarising.execute(callId) };
  }
}
