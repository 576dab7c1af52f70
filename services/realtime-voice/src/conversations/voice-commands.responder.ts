import { Controller, Inject } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { AttachV1, DetachV1, SummariseV1 } from '@troncal/contracts';
import { TroncalError } from '@troncal/kernel';
import { HandlesCommand, type ReportsCommandFaults } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { z } from 'zod';
import { AttachConversation, type AttachRequest } from './attach-conversation.js';
import { EndConversation } from './end-conversation.js';
import { SummariseConversation } from './summarise-conversation.js';

/** What the gateway asks of us. */
@Controller()
export class VoiceCommandsResponder implements ReportsCommandFaults {
  constructor(
    private readonly attaching: AttachConversation,
    private readonly ending: EndConversation,
    private readonly summarising: SummariseConversation,
    @Inject(LOGGER) private readonly logger: Logger,
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

  commandFailed(subject: string, error: unknown): void {
    if (error instanceof TroncalError && !error.retryable) return;
    this.logger.error({ err: error, subject }, 'a command failed');
  }
}
