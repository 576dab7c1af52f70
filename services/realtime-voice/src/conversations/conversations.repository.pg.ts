import { Injectable } from '@nestjs/common';
import { Database, type Queryable, type Tx } from '@troncal/persistence';
import type { ClaimedLeg, Conversation, LegOutcome, StoredLeg, StoredToolRun, StoredTurn } from './conversation.js';
import type { ConversationFilter, ConversationsRepository, NewConversation, NewLeg } from './conversations.repository.js';

const COLUMNS = `c.id, c.call_id AS "callId", c.tenant, jsonb_build_object('tenant', c.agent_tenant, 'code', c.agent_code, 'version', c.agent_version) AS agent,
  c.language, c.format, c.caller, c.called, c.state, c.engine, c.simulated, c.created_at AS "createdAt", c.started_at AS "startedAt", c.ended_at AS "endedAt", c.end_reason AS "endReason"`;

@Injectable()
export class PgConversationsRepository implements ConversationsRepository {
  constructor(private readonly db: Database) {}

  async ofLeg(tx: Tx, legId: string): Promise<Conversation | undefined> {
    const [row] = await tx.query<Conversation>(`SELECT ${COLUMNS} FROM media_leg l JOIN conversation c ON c.id = l.conversation_id WHERE l.leg_id = $1`, [legId]);
    return row;
  }

  async newestOfCall(tx: Tx, callId: string): Promise<Conversation | undefined> {
    const [row] = await tx.query<Conversation>(`SELECT ${COLUMNS} FROM conversation c WHERE call_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1 FOR UPDATE`, [callId]);
    return row;
  }

  async insert(tx: Tx, conversation: NewConversation): Promise<void> {
    const { agent } = conversation;
    await tx.run(
      `INSERT INTO conversation (id, call_id, tenant, agent_tenant, agent_code, agent_version, language, format, caller, called, engine, simulated)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        conversation.id,
        conversation.callId,
        conversation.tenant,
        agent.tenant,
        agent.code,
        agent.version,
        conversation.language,
        conversation.format,
        conversation.caller,
        conversation.called,
        conversation.engine,
        conversation.simulated,
      ],
    );
  }

  async insertLeg(tx: Tx, leg: NewLeg): Promise<void> {
    await tx.run('INSERT INTO media_leg (leg_id, conversation_id, resume, past_id, digits) VALUES ($1, $2, $3, $4, $5)', [leg.legId, leg.conversationId, leg.resume, leg.pastId ?? null, leg.digits ?? null]);
  }

  async claimLeg(legId: string, replica: string): Promise<ClaimedLeg | undefined> {
    const [row] = await this.db.query<Conversation & { legResume: boolean; pastId: string | null; rested: boolean; turns: number; digits: readonly string[] | null }>(
      `WITH claimed AS (
         UPDATE media_leg l SET state = 'claimed', claimed_at = now() FROM conversation c
         WHERE l.leg_id = $1 AND l.state = 'waiting' AND c.id = l.conversation_id AND c.state <> 'ended'
         RETURNING l.conversation_id, l.resume, l.past_id, l.digits, c.rested),
       c AS (
         UPDATE conversation SET replica = $2, leg_id = $1, rested = false FROM claimed WHERE id = claimed.conversation_id
         RETURNING conversation.*)
       SELECT ${COLUMNS}, claimed.resume AS "legResume", claimed.past_id AS "pastId", claimed.digits, claimed.rested,
         (SELECT coalesce(max(number), 0) FROM turn WHERE conversation_id = claimed.past_id) AS turns
       FROM c JOIN claimed ON c.id = claimed.conversation_id`,
      [legId, replica],
    );
    if (row === undefined) return undefined;
    const { legResume, pastId, rested, turns, digits, ...conversation } = row;
    return { legId, resume: legResume, pastId: pastId ?? undefined, digits: digits ?? undefined, rested, turns, conversation };
  }

  async holderOf(callId: string): Promise<string | undefined> {
    const [row] = await this.db.query<{ replica: string | null }>(`SELECT replica FROM conversation WHERE call_id = $1 AND state <> 'ended'`, [callId]);
    return row?.replica ?? undefined;
  }

  async isServedBy(tx: Tx, conversationId: string, legId: string): Promise<boolean> {
    const [row] = await tx.query<{ leg: string | null }>('SELECT leg_id AS leg FROM conversation WHERE id = $1 FOR NO KEY UPDATE', [conversationId]);
    return row?.leg === legId;
  }

  async legTaken(legId: string): Promise<boolean> {
    const rows = await this.db.query(`SELECT 1 FROM media_leg WHERE leg_id = $1 AND state = 'claimed'`, [legId]);
    return rows.length > 0;
  }

  async settleLeg(legId: string, { outcome, digit, summary, reason }: LegOutcome): Promise<void> {
    await this.db.query(
      'UPDATE media_leg SET outcome = $2, outcome_digit = $3, outcome_summary = $4, outcome_reason = $5, ended_at = now() WHERE leg_id = $1 AND outcome IS NULL',
      [legId, outcome, digit ?? null, summary ?? null, reason ?? null],
    );
  }

  async storedLeg(legId: string): Promise<StoredLeg | undefined> {
    const [row] = await this.db.query<{ outcome: LegOutcome['outcome'] | null; digit: string | null; summary: string | null; reason: string | null; claimed: boolean; newest: boolean; began: boolean; endReason: string | null }>(
      `SELECT l.outcome, l.outcome_digit AS digit, l.outcome_summary AS summary, l.outcome_reason AS reason, l.state = 'claimed' AS claimed, c.leg_id IS NOT DISTINCT FROM l.leg_id AS newest, c.started_at IS NOT NULL AS began, c.end_reason AS "endReason"
       FROM media_leg l JOIN conversation c ON c.id = l.conversation_id WHERE l.leg_id = $1`,
      [legId],
    );
    if (row === undefined) return undefined;
    const { outcome, digit, summary, reason, ...rest } = row;
    return { outcome: outcome === null ? undefined : { outcome, digit: digit ?? undefined, summary: summary ?? undefined, reason: reason ?? undefined }, ...rest };
  }

  async end(tx: Tx, id: string, reason: string): Promise<Conversation | undefined> {
    const [row] = await tx.query<Conversation>(`UPDATE conversation c SET state = 'ended', ended_at = now(), end_reason = $2 WHERE id = $1 AND state <> 'ended' RETURNING ${COLUMNS}`, [id, reason]);
    return row;
  }

  async byId(id: string): Promise<Conversation | undefined> {
    // By call id too: people have the call's id in hand. The newest conversation of it, since a call can come back to an agent.
    const [row] = await this.db.query<Conversation>(`SELECT ${COLUMNS} FROM conversation c WHERE id = $1 OR call_id::text = $1 ORDER BY created_at DESC, id DESC LIMIT 1`, [id]);
    return row;
  }

  async list(filter: ConversationFilter): Promise<Conversation[]> {
    return this.db.query<Conversation>(
      `SELECT ${COLUMNS} FROM conversation c
       WHERE ($1::text IS NULL OR tenant = $1) AND ($2::uuid IS NULL OR call_id = $2)
         AND ($3::text IS NULL OR (created_at, id) < (SELECT created_at, id FROM conversation WHERE id = $3))
       ORDER BY created_at DESC, id DESC LIMIT $4`,
      [filter.tenant ?? null, filter.callId ?? null, filter.after ?? null, filter.limit],
    );
  }

  async turns(id: string, within: Queryable = this.db): Promise<StoredTurn[]> {
    return within.query<StoredTurn>(
      'SELECT number, role, text, heard, interrupted, took_ms AS "tookMs", latency_ms AS "latencyMs", at FROM turn WHERE conversation_id = $1 ORDER BY number',
      [id],
    );
  }

  async toolRuns(id: string): Promise<StoredToolRun[]> {
    return this.db.query<StoredToolRun>(
      'SELECT id AS "toolRunId", tool, arguments, outcome, detail, took_ms AS "tookMs", at FROM tool_run WHERE conversation_id = $1 ORDER BY at, id',
      [id],
    );
  }
}
