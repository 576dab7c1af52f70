import { Inject, Injectable } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import type { SpokenTurn } from '../engine/voice-engine.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { digestOf } from './digest.js';
import { Holders } from './holders.js';
import { LiveConversations } from './live-conversations.js';

/** The asker waits a second; this leaves time for the way and for the digest. */
const PROVIDER_MS = 650;

/** What a person should know before taking over: by the model when it's there and quick, else from the transcript alone. */
@Injectable()
export class SummariseConversation {
  constructor(
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    private readonly live: LiveConversations,
    private readonly holders: Holders,
  ) {}

  async execute(callId: string): Promise<string> {
    const here = this.live.get(callId);
    if (here === undefined) return (await this.holders.summary(callId)) ?? digestOf(await this.stored(callId));
    try {
      return (await here.dialogue.summarise(PROVIDER_MS)).slice(0, 4_000);
    } catch {
      return digestOf(here.dialogue.history());
    }
  }

  private async stored(callId: string): Promise<SpokenTurn[]> {
    const conversation = await this.conversations.byId(callId);
    if (conversation === undefined) throw new PermanentError('unknown_conversation', `The call ${callId} has had no conversation.`, { status: 404 });
    return (await this.conversations.turns(conversation.id)).map((turn) => ({ role: turn.role, text: turn.heard ?? turn.text }));
  }
}
