import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { Tx } from '@troncal/persistence';
import type { DialogueJournal } from '../dialogue/journal.js';
import type { ConversationPublisher, Subject } from './conversation.publisher.js';
import type { ConversationsRepository } from './conversations.repository.js';
import type { FactQueue } from './fact-queue.js';

type Of<K extends keyof DialogueJournal> = Parameters<DialogueJournal[K]>[0];

/** What a journal is about. */
export interface Journalled extends Subject {
  readonly agent: { readonly code: string; readonly version: number };
  readonly language: string;
  /** The leg by which this process serves it. */
  readonly legId: string;
}

/** A dialogue's facts as rows and events, one transaction each, in order; written behind the dialogue's back. */
export class ConversationJournal implements DialogueJournal {
  constructor(
    private readonly of: Journalled,
    private readonly queue: FactQueue,
    private readonly conversations: Pick<ConversationsRepository, 'end' | 'isServedBy'>,
    private readonly publisher: ConversationPublisher,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  started(fact: Of<'started'>): void {
    this.add('started', async (tx, at) => {
      await tx.run(`UPDATE conversation SET state = 'active', engine = $2, simulated = $3, started_at = coalesce(started_at, $4) WHERE id = $1 AND state <> 'ended'`, [this.of.conversationId, fact.engine, fact.simulated, at]);
      await this.publisher.started(tx, this.of, at, { ...fact, agent: { code: this.of.agent.code, version: this.of.agent.version }, language: this.of.language });
    });
  }

  engineChanged(fact: Of<'engineChanged'>): void {
    this.add('engine-changed', async (tx, at) => {
      await tx.run('UPDATE conversation SET engine = $2, simulated = $3 WHERE id = $1', [this.of.conversationId, fact.engine, fact.simulated]);
      await this.publisher.engineChanged(tx, this.of, at, fact);
    });
  }

  turn(turn: Of<'turn'>): void {
    this.add('turn', async (tx, at) => {
      const fresh = await tx.run(
        `INSERT INTO turn (conversation_id, number, role, text, heard, interrupted, took_ms, latency_ms, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        [this.of.conversationId, turn.number, turn.role, turn.text, turn.heard ?? null, turn.interrupted, turn.tookMs, turn.latencyMs ?? null, at],
      );
      if (fresh > 0) await this.publisher.turn(tx, this.of, at, turn);
    });
  }

  interrupted(fact: Of<'interrupted'>): void {
    this.add('interrupted', (tx, at) => this.publisher.interrupted(tx, this.of, at, fact));
  }

  toolCalled(fact: Of<'toolCalled'>): void {
    this.add('tool-called', async (tx, at) => {
      await tx.run('INSERT INTO tool_run (id, conversation_id, tool, arguments, at) VALUES ($1, $2, $3, $4, $5)', [fact.toolRunId, this.of.conversationId, fact.tool, JSON.stringify(fact.arguments), at]);
      await this.publisher.toolCalled(tx, this.of, at, fact);
    });
  }

  toolCompleted(fact: Of<'toolCompleted'>): void {
    this.add('tool-completed', async (tx, at) => {
      await tx.run('UPDATE tool_run SET outcome = $2, detail = $3, took_ms = $4 WHERE id = $1', [fact.toolRunId, fact.outcome, fact.detail, fact.tookMs]);
      await this.publisher.toolCompleted(tx, this.of, at, fact);
    });
  }

  handoffRequested(fact: Of<'handoffRequested'>): void {
    this.add('handoff-requested', (tx, at) => this.publisher.handoffRequested(tx, this.of, at, fact));
  }

  rested(): void {
    this.add('rested', (tx) => tx.run('UPDATE conversation SET rested = true WHERE id = $1', [this.of.conversationId]));
  }

  ended(fact: Of<'ended'>): void {
    this.add('ended', async (tx, at) => {
      const was = await this.conversations.end(tx, this.of.conversationId, fact.reason);
      if (was !== undefined) await this.publisher.ended(tx, this.of, at, fact);
    });
  }

  private add(kind: string, write: (tx: Tx, at: Date) => Promise<unknown>): void {
    const at = this.clock.date();
    this.queue.add(kind, async (tx) => {
      // Another leg serves it: what this one still has to say would stand among the turns of that one, or end what goes on.
      if (await this.conversations.isServedBy(tx, this.of.conversationId, this.of.legId)) await write(tx, at);
      else this.logger.warn({ callId: this.of.callId, kind }, 'a fact of a conversation came after another leg had taken it up, and is left out');
    });
  }
}
