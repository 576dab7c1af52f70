import { Inject, Injectable } from '@nestjs/common';
import { AttachV1 } from '@troncal/contracts';
import { newId, PermanentError } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import type { z } from 'zod';
import type { AgentProfile } from '../agents/agent-profile.js';
import { AGENTS, type AgentsRepository } from '../agents/agents.repository.js';
import { AttachPlaces } from './attach-places.js';
import type { Conversation } from './conversation.js';
import { ConversationPublisher } from './conversation.publisher.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { PrepareLeg } from './prepare-leg.js';

export type AttachRequest = z.output<typeof AttachV1.request>;

/** What an attach made of a call. */
interface Attached {
  readonly conversation: Conversation;
  /** The same request had come before. */
  readonly repeated: boolean;
  /** Conversation whose transcript is the past. */
  readonly pastId: string | undefined;
}

/**
 * Gets a conversation ready for a media leg. Asked again with the same leg it answers the same. `resume` goes on with the call's open
 * conversation, or begins one that knows what was said in the last; without it an open conversation of the call is over.
 */
@Injectable()
export class AttachConversation {
  constructor(
    private readonly db: Database,
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    private readonly publisher: ConversationPublisher,
    private readonly prepare: PrepareLeg,
    private readonly here: AttachPlaces,
  ) {}

  async execute(request: AttachRequest): Promise<{ conversationId: string; engine: string }> {
    if (request.digits !== undefined && request.format !== 'ulaw') {
      throw new PermanentError('stream_not_ulaw', `A stream leg speaks ulaw, not ${request.format}.`, { status: 409, remedy: 'Attach it with format ulaw.' });
    }
    const newest = await this.agents.forCall(request.tenant, request.agent);
    if (newest === undefined) {
      throw new PermanentError('unknown_agent', `There is no agent ${request.agent} for the tenant ${request.tenant}.`, { status: 404, remedy: 'PUT /api/agents/{code} makes one; "default" is there for everybody.' });
    }
    // What another leg of this call was doing, here or in another process, is written before the past is read.
    await this.here.holders.letGo(request.callId, request.resume ? undefined : 'replaced');
    const attached = await this.db.transaction((tx) => this.attach(tx, request, newest));
    const { conversation } = attached;
    if (!attached.repeated) {
      const profile = (await this.pinned(conversation)) ?? newest;
      this.here.prepared.put(request.legId, request.callId, await this.prepare.execute(conversation, profile, request.resume, attached.pastId));
    }
    return { conversationId: conversation.id, engine: conversation.engine };
  }

  private async attach(tx: Tx, request: AttachRequest, profile: AgentProfile): Promise<Attached> {
    const before = await this.conversations.newestOfCall(tx, request.callId);
    const same = await this.conversations.ofLeg(tx, request.legId);
    if (same !== undefined) {
      if (same.callId === request.callId) return { conversation: same, repeated: true, pastId: undefined };
      throw new PermanentError('leg_taken', `The media leg ${request.legId} belongs to another call.`, { status: 409, remedy: 'A leg id is used once: make a new one.' });
    }
    const open = before !== undefined && before.state !== 'ended';
    if (open && request.resume) {
      await this.conversations.insertLeg(tx, { legId: request.legId, conversationId: before.id, resume: true, pastId: before.id, digits: request.digits });
      return { conversation: before, repeated: false, pastId: before.id };
    }
    if (open) await this.replace(tx, before);
    const conversation: Conversation = {
      id: newId(),
      callId: request.callId,
      tenant: request.tenant,
      agent: { tenant: profile.tenant, code: profile.code, version: profile.version },
      language: request.language,
      format: request.format,
      caller: request.caller,
      called: request.called,
      engine: this.here.engine,
      simulated: this.here.simulated,
      state: 'prepared',
      createdAt: new Date(),
      startedAt: null,
      endedAt: null,
      endReason: null,
    };
    await this.conversations.insert(tx, conversation);
    const pastId = request.resume ? before?.id : undefined;
    await this.conversations.insertLeg(tx, { legId: request.legId, conversationId: conversation.id, resume: request.resume, pastId, digits: request.digits });
    return { conversation, repeated: false, pastId };
  }

  /** The call's open conversation gives way to a new one. */
  private async replace(tx: Tx, open: Conversation): Promise<void> {
    const was = await this.conversations.end(tx, open.id, 'replaced');
    if (was === undefined || was.startedAt === null) return;
    const turns = await this.conversations.turns(open.id, tx);
    await this.publisher.ended(tx, { conversationId: open.id, callId: open.callId, tenant: open.tenant }, new Date(), { reason: 'replaced', engine: open.engine, turns: turns.length, durationMs: Date.now() - was.startedAt.getTime() });
  }

  private pinned({ agent }: Conversation): Promise<AgentProfile | undefined> {
    return this.agents.version(agent.tenant, agent.code, agent.version);
  }
}
