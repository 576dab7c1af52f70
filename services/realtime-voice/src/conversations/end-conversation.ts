import { Inject, Injectable } from '@nestjs/common';
import { TransientError } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import type { EndReason } from '../dialogue/journal.js';
import { ConversationPublisher } from './conversation.publisher.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { Holders } from './holders.js';

/** Ends the conversation of a call, wherever its media leg is. Said once, by whoever is first: the row decides. */
@Injectable()
export class EndConversation {
  constructor(
    private readonly db: Database,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    private readonly publisher: ConversationPublisher,
    private readonly holders: Holders,
  ) {}

  /** True when there was one to end. */
  async execute(callId: string, reason: EndReason): Promise<boolean> {
    const { here, written } = await this.holders.letGo(callId, reason);
    // Its own journal ends it, after the turns that still wait to be written; that it has done so is not taken on trust.
    if (here && !written) return true;
    return (await this.db.transaction((tx) => this.endStored(tx, callId, reason))) || here;
  }

  /** As `execute`, as part of a transaction. @throws TransientError while a journal still has turns to write: come again */
  async within(tx: Tx, callId: string, reason: EndReason): Promise<boolean> {
    const { here, written } = await this.holders.letGo(callId, reason);
    if (!written) throw new TransientError('journal_behind', `The conversation of the call ${callId} is still being written.`);
    return (await this.endStored(tx, callId, reason)) || here;
  }

  private async endStored(tx: Tx, callId: string, reason: EndReason): Promise<boolean> {
    const open = await this.conversations.newestOfCall(tx, callId);
    if (open === undefined || open.state === 'ended') return false;
    const ended = await this.conversations.end(tx, open.id, reason);
    if (ended === undefined) return false;
    // Nobody ever heard of one that was prepared and never begun.
    if (ended.startedAt === null) return true;
    const turns = await this.conversations.turns(open.id, tx);
    const of = { conversationId: open.id, callId, tenant: open.tenant };
    await this.publisher.ended(tx, of, new Date(), { reason, engine: open.engine, turns: turns.at(-1)?.number ?? 0, durationMs: Math.max(0, Date.now() - ended.startedAt.getTime()) });
    return true;
  }
}
