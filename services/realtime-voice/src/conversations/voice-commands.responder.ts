import { Controller } from '@nestjs/common';
import { AttachV1, DetachV1, SummariseV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { AttachConversation, type AttachRequest } from './attach-conversation.js';
import { EndConversation } from './end-conversation.js';
import { SummariseConversation } from './summarise-conversation.js';

/** What the gateway asks of us. */
@Controller()
export class VoiceCommandsResponder {
  constructor(
    private readonly attaching: AttachConversation,
    private readonly ending: EndConversation,
    private readonly summarising: SummariseConversation,
  ) {}

  @HandlesCommand(AttachV1)
  attach(request: AttachRequest): Promise<{ conversationId: string; engine: string }> {
    return this.attaching.execute(request);
  }

  @HandlesCommand(DetachV1)
  async detach({ callId, reason }: z.output<typeof DetachV1.request>): Promise<{ detached: boolean }> {
    return { detached: await this.ending.execute(callId, reason) };
  }

  @HandlesCommand(SummariseV1)
  async summarise({ callId }: z.output<typeof SummariseV1.request>): Promise<{ summary: string }> {
    return { summary: await this.summarising.execute(callId) };
  }
}
