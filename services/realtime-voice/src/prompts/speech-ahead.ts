import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import { errorText } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { AGENTS, type AgentsRepository } from '../agents/agents.repository.js';
import { GreetingBook } from './greeting-book.js';
import { phrasesOf } from './phrases.js';
import { PromptStore } from './prompt-store.js';

/** Speech that must be there before somebody calls. */
@Injectable()
export class SpeechAhead {
  constructor(
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly greetings: GreetingBook,
    private readonly prompts: PromptStore,
    private readonly schema: Schema,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns at once; what can't be made is made when it's needed. */
  begin(): void {
    void runOutsideContext(() => this.make()).catch((error: unknown) => this.logger.warn({ reason: errorText(error) }, 'greetings could not be prepared'));
  }

  stop(): Promise<void> {
    return this.greetings.stop();
  }

  private async make(): Promise<void> {
    await this.schema.ready();
    for (const { profile } of await this.agents.list(undefined)) this.greetings.prepare(profile);
    for (const language of ['es', 'en']) for (const text of phrasesOf(language)) await this.prompts.speak(text, language);
  }
}
