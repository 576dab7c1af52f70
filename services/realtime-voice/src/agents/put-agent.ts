import { Inject, Injectable } from '@nestjs/common';
import { GreetingBook } from '../prompts/greeting-book.js';
import type { AgentSettings } from './agent-profile.js';
import { AGENTS, type AgentsRepository, type StoredAgent } from './agents.repository.js';

/** Writes the next version of an agent and has its greetings spoken before somebody calls. Live conversations keep their version. */
@Injectable()
export class PutAgent {
  constructor(
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly greetings: GreetingBook,
  ) {}

  async execute(tenant: string, code: string, settings: AgentSettings): Promise<StoredAgent> {
    const agent = await this.agents.put(tenant, code, settings);
    this.greetings.prepare(agent.profile);
    return agent;
  }
}
