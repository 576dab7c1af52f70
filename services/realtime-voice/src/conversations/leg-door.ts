import { Inject, Injectable } from '@nestjs/common';
import { TransientError } from '@troncal/kernel';
import { CommandDesk } from '@troncal/messaging';
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
  private closed = false;

  constructor(
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly waiting: PreparedLegs,
    private readonly prepare: PrepareLeg,
    private readonly begin: BeginDialogue,
    private readonly desk: CommandDesk,
  ) {}

  get leaving(): boolean {
    return this.closed;
  }

  async claim(legId: string): Promise<AdmittedLeg | undefined> {
    if (this.closed) throw new TransientError('draining', 'This replica takes no more calls.', { remedy: 'Another one does; ask again.' });
    const claimed = await this.conversations.claimLeg(legId, this.desk.replica);
    if (claimed === undefined) return undefined;
    const prepared = await this.prepared(claimed);
    return { format: claimed.conversation.format, claimed, prepared };
  }

  accept(leg: MediaLeg, { claimed, prepared }: AdmittedLeg): void {
    this.begin.execute(leg, claimed, prepared);
  }

  abandon({ prepared }: AdmittedLeg): void {
    prepared.engine?.close();
  }

  /** No more legs: those that come are left to the other replicas. */
  close(): void {
    this.closed = true;
  }

  private async prepared(claimed: ClaimedLeg): Promise<PreparedLeg> {
    const ready = this.waiting.take(claimed.legId);
    if (ready === undefined) return this.getReady(claimed);
    if (ready.pastTurns === claimed.turns) return ready;
    // More was said between the attach and now, by a process that could not be asked to stop.
    ready.engine?.close();
    return this.getReady(claimed);
  }

  /** The attach reached another replica, or a process that is gone. */
  private async getReady({ conversation, resume, pastId }: ClaimedLeg): Promise<PreparedLeg> {
    const { agent } = conversation;
    const profile = await this.agents.version(agent.tenant, agent.code, agent.version);
    if (profile === undefined) throw new Error(`The agent ${agent.tenant}/${agent.code} has no version ${agent.version} although a conversation refers to it.`);
    return this.prepare.execute(conversation, profile, resume, pastId);
  }
}
