import { Inject, Injectable } from '@nestjs/common';
import type { AgentProfile } from '../agents/agent-profile.js';
import { ENGINE_FACTORY, type EngineFactory, type SpokenTurn } from '../engine/voice-engine.js';
import { GreetingBook } from '../prompts/greeting-book.js';
import type { Conversation } from './conversation.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import type { PreparedLeg } from './prepared-legs.js';

/** Gets ready what a leg needs before its first frame: the greeting in memory, the past, a provider connection under way. */
@Injectable()
export class PrepareLeg {
  constructor(
    private readonly greetings: GreetingBook,
    @Inject(ENGINE_FACTORY) private readonly engines: EngineFactory,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
  ) {}

  async execute(conversation: Conversation, profile: AgentProfile, resume: boolean, pastId: string | undefined): Promise<PreparedLeg> {
    const turns = pastId === undefined ? [] : await this.conversations.turns(pastId);
    const history: SpokenTurn[] = turns.map((turn) => ({ role: turn.role, text: turn.heard ?? turn.text })).filter((turn) => turn.text !== '');
    const context = { callId: conversation.callId, profile, format: conversation.format, language: conversation.language, history };
    // Begun before the greeting is looked up: the provider's handshake is the slowest part.
    const engine = this.engines.primary(context);
    const greeting = resume ? { text: '', audio: undefined } : await this.greetings.forCall(profile, conversation.language, conversation.format);
    const pastTurns = turns.at(-1)?.number ?? 0;
    return { profile, greeting, history, turnsBefore: pastId === conversation.id ? pastTurns : 0, pastTurns, engine };
  }
}
