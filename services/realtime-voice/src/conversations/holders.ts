import { Inject, Injectable } from '@nestjs/common';
import { ReleaseV1, SummariseV1 } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { LOGGER } from '@troncal/chassis';
import { CommandClient, CommandDesk } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { EndReason } from '../dialogue/journal.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { PreparedLegs } from './prepared-legs.js';
import { LiveConversations, type LetGo } from './live-conversations.js';

/** What is waited for a journal to be written before somebody else goes on. */
const WRITTEN_WITHIN_MS = 400;
/** A process that is frozen must not hold up the call: with the way there and back this stays below half a second. */
const ASK_MS = 500;
/** The gateway waits a second for a summary. */
const SUMMARY_MS = 800;

/** Reaches the process that serves a call: this one, or another replica, by the conversation's row. One that is dead or frozen is gone on without. */
@Injectable()
export class Holders {
  constructor(
    private readonly live: LiveConversations,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    private readonly commands: CommandClient,
    private readonly desk: CommandDesk,
    private readonly prepared: PreparedLegs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Whoever serves the call lets go of it and writes what was said; its conversation is over when a reason is given. `here`: somebody served it. */
  async letGo(callId: string, over: EndReason | undefined): Promise<LetGo> {
    if (over !== undefined) this.prepared.forget(callId);
    const mine = await this.live.letGo(callId, over, WRITTEN_WITHIN_MS);
    if (mine.here) return mine;
    const holder = await this.elsewhere(callId);
    if (holder === undefined) return mine;
    try {
      const { released, written } = await this.commands.ask(ReleaseV1, { callId, ...(over === undefined ? {} : { over }) }, { to: holder, timeoutMs: ASK_MS });
      return { here: released, written: written && mine.written };
    } catch (error) {
      this.logger.info({ callId, holder, reason: errorText(error) }, 'the process that served a call does not answer; it is gone on without it');
      return mine;
    }
  }

  /** A summary by the process that serves the call; undefined when it is this one, or there is none, or it gives none in time. */
  async summary(callId: string): Promise<string | undefined> {
    const holder = await this.elsewhere(callId);
    if (holder === undefined) return undefined;
    try {
      return (await this.commands.ask(SummariseV1, { callId }, { to: holder, timeoutMs: SUMMARY_MS })).summary;
    } catch (error) {
      this.logger.info({ callId, holder, reason: errorText(error) }, 'the process that serves a call gives no summary');
      return undefined;
    }
  }

  private async elsewhere(callId: string): Promise<string | undefined> {
    const holder = await this.conversations.holderOf(callId);
    return holder === this.desk.replica ? undefined : holder;
  }
}
