import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import type { LegOutcomeV1 } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { z } from 'zod';
import type { LegOutcome, StoredLeg } from './conversation.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';

/** The caller hears nothing while this is waited for. */
const WRITTEN_WITHIN_MS = 500;
/** Twilio asks within a second of the leg's end, and its own retries are over by then. */
const KEPT_MS = 60_000;
const TRIES = 5;
const RETRY: Backoff = { firstMs: 100, maxMs: 2_000 };
/** What ends a conversation because somebody wanted it to end. */
const WANTED: ReadonlySet<string> = new Set(['detached', 'handoff', 'agent_hangup', 'call_ended']);

/**
 * How stream legs ended, for whoever goes on with the call. Said before the stream is closed, since Twilio asks at once; in memory too, so that a database
 * that is away just then makes no failure of what this process knows.
 */
@Injectable()
export class LegOutcomes {
  private readonly recent = new Map<string, { readonly outcome: LegOutcome; readonly written: Promise<void> }>();

  constructor(
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The leg has ended so; what was said first holds. */
  settle(legId: string, outcome: LegOutcome): void {
    if (this.recent.has(legId)) return;
    this.recent.set(legId, { outcome, written: this.write(legId, outcome) });
    setTimeout(() => this.recent.delete(legId), KEPT_MS).unref();
  }

  /** Resolves when what was said of the leg, if anything, is there for every replica; at the latest after half a second. */
  async written(legId: string): Promise<void> {
    const said = this.recent.get(legId);
    if (said === undefined) return;
    const enough = new AbortController();
    await Promise.race([said.written, pause(WRITTEN_WITHIN_MS, enough.signal)]);
    enough.abort();
  }

  /** What is answered of a leg, here or elsewhere. */
  async of(legId: string): Promise<z.output<typeof LegOutcomeV1.reply>> {
    const here = this.recent.get(legId)?.outcome;
    if (here !== undefined) return replyOf(here, false);
    const stored = await this.conversations.storedLeg(legId);
    if (stored?.outcome !== undefined) return replyOf(stored.outcome, false);
    return stored === undefined ? replyOf({ outcome: 'failed', reason: 'the leg is unknown' }, false) : unsaid(stored);
  }

  private async write(legId: string, outcome: LegOutcome): Promise<void> {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      try {
        return await this.conversations.settleLeg(legId, outcome);
      } catch (error) {
        this.logger.warn({ legId, outcome: outcome.outcome, reason: errorText(error) }, 'how a leg ended could not be written');
        await pause(backoffMs(RETRY, tries));
      }
    }
  }
}

/** Nobody has said how it ended: its process is gone, or its connection broke, or never came; or somebody ended the conversation. */
function unsaid({ claimed, newest, began, endReason }: StoredLeg): z.output<typeof LegOutcomeV1.reply> {
  if (claimed && !newest) return replyOf({ outcome: 'failed', reason: 'another leg has taken its place' }, false);
  if (claimed && endReason !== null && WANTED.has(endReason)) return replyOf({ outcome: 'ended' }, false);
  const open = endReason === null || endReason === 'media_lost';
  return replyOf({ outcome: 'failed', reason: claimed ? 'the connection broke' : 'the stream never came' }, began && open);
}

function replyOf({ outcome, digit, summary, reason }: LegOutcome, resumable: boolean): z.output<typeof LegOutcomeV1.reply> {
  return { outcome, resumable, ...(digit !== undefined && { digit }), ...(summary !== undefined && { summary: summary.slice(0, 4_000) }), ...(reason !== undefined && { reason: reason.slice(0, 500) }) };
}
