import { Inject, Injectable } from '@nestjs/common';
import { AGENTS, type AgentsRepository } from '../agents/agents.repository.js';
import type { G711 } from '../engine/voice-engine.js';
import type { LegOwner } from '../media/leg-gate.js';
import type { MediaLeg } from '../media/media-leg.js';
import { BeginDialogue } from './begin-dialogue.js';
import type { ClaimedLeg } from './conversation.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { PreparedLegs, type PreparedLeg } from './prepared-legs.js';
import { PrepareLeg } from './prepare-leg.js';

/** A leg that may have its socket. */
export interface AdmittedLeg {
  readonly format: G711;
  readonly claimed: ClaimedLeg;
  readonly prepared: PreparedLeg;
}

/** Decides by the leg's row whether a media socket belongs to a call, and hands it to its dialogue. */
@Injectable()
export class LegDoor implements LegOwner<AdmittedLeg> {
  constructor(
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly waiting: PreparedLegs,
    private readonly prepare: PrepareLeg,
    private readonly begin: BeginDialogue,
  ) {}

  async claim(legId: string): Promise<AdmittedLeg | undefined> {
    const claimed = await this.conversations.claimLeg(legId);
    if (claimed === undefined) return undefined;
    const prepared = this.waiting.take(legId) ?? (await this.getReady(claimed));
    return { format: claimed.conversation.format, claimed, prepared };
  }

  accept(leg: MediaLeg, { claimed, prepared }: AdmittedLeg): void {
    this.begin.execute(leg, claimed, prepared);
  }

  abandon({ prepared }: AdmittedLeg): void {
    prepared.engine?.close();
  }

  /** The attach reached another replica, or a process that is gone. */
  private async getReady({ conversation, resume }: ClaimedLeg): Promise<PreparedLeg> {
    const { agent } = conversation;
    const profile = await this.agents.version(agent.tenant, agent.code, agent.version);
    if (profile === undefined) throw new Error(`The agent ${agent.tenant}/${agent.code} has no version ${agent.version} although a conversation refers to it.`);
    return this.prepare.execute(conversation, profile, resume, resume ? conversation.id : undefined);
  }
}
