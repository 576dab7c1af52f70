import type { EventOf } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { Database, Prepared, Tx } from '@troncal/persistence';
import { edgeOvertaken } from '../edges/edge-away.js';
import { isRefusedByEpoch } from '../edges/edge.repository.pg.js';
import { isRailEvent, projectRailCall } from '../rail-calls/project-rail-call.js';
import { knownAs, NO_ABSENCE, NO_CONTROL, type Call } from './call.js';
import type { CallEventsPublisher } from './call-events.publisher.js';
import type { CallQuery, CallRepository, TimelineEntry } from './call.repository.js';
import type { CallStep } from './call-step.js';

interface TimelineRow {
  readonly time: Date;
  readonly type: string;
  readonly source: string;
  readonly event_id: string;
  readonly data: Record<string, unknown>;
}

// Each step of each call passes these: parsed and planned once per connection.
const UPSERT: Prepared = {
  name: 'calls.upsert',
  text: `INSERT INTO calls AS c (call_id, version, tenant, edge_id, state, started_at, ended_at, document, epoch) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (call_id) DO UPDATE SET version = excluded.version, epoch = excluded.epoch, state = excluded.state, ended_at = excluded.ended_at, document = excluded.document
     WHERE c.version < excluded.version`,
};
const ADD_TO_TIMELINE: Prepared = {
  name: 'calls.add-to-timeline',
  text: `INSERT INTO call_timeline (event_id, call_id, tenant, time, type, source, data)
     SELECT * FROM jsonb_to_recordset($1) AS entry (event_id text, call_id uuid, tenant text, time timestamptz, type text, source text, data jsonb) ON CONFLICT (event_id) DO NOTHING`,
};

/** Calls in PostgreSQL. */
export class PgCallRepository implements CallRepository {
  constructor(
    private readonly db: Database,
    private readonly events: CallEventsPublisher,
  ) {}

  async store(step: CallStep): Promise<void> {
    await this.db.transaction(async (tx) => {
      if (!(await upsert(tx, step))) return;
      await storeRecordings(tx, step.call, new Date(step.at));
      const stated: EventOf<unknown>[] = [];
      const callId = knownAs(step.call);
      for (const fact of step.facts) stated.push(await this.events.state(tx, { callId, tenant: step.call.tenant }, fact, new Date(step.at)));
      await this.addToTimeline(tx, callId, ...stated);
      if (step.call.carries) for (const event of stated.filter(isRailEvent)) await this.project(tx, callId, (call) => projectRailCall(call, event));
    }).catch((error: unknown) => {
      throw isRefusedByEpoch(error) ? edgeOvertaken(step.call.edgeId, step.epoch, error) : error;
    });
  }

  async find(callId: string): Promise<Call | undefined> {
    const [row] = await this.db.query<{ document: Call }>('SELECT document FROM calls WHERE call_id = $1', [callId]);
    return row && whole(row.document);
  }

  async carrying(callId: string): Promise<Call | undefined> {
    const [row] = await this.db.query<{ document: Call }>(`SELECT document FROM calls WHERE state <> 'ended' AND document ? 'carries' AND document -> 'carries' ->> 'callId' = $1`, [callId]);
    return row && whole(row.document);
  }

  async live(edgeId: string): Promise<Call[]> {
    const rows = await this.db.query<{ document: Call }>(`SELECT document FROM calls WHERE edge_id = $1 AND state <> 'ended' ORDER BY started_at`, [edgeId]);
    return rows.map((row) => whole(row.document));
  }

  async parked(tenant: string | undefined): Promise<Call[]> {
    const rows = await this.db.query<{ document: Call }>(
      `SELECT document FROM calls WHERE state <> 'ended' AND jsonb_typeof(document -> 'parked') = 'object' AND ($1::text IS NULL OR tenant = $1) ORDER BY started_at`,
      [tenant ?? null],
    );
    return rows.map((row) => whole(row.document));
  }

  async list({ tenant, live, limit, after }: CallQuery): Promise<{ calls: Call[]; next?: string }> {
    const [time, id] = after === undefined ? [null, null] : readCursor(after);
    const rows = await this.db.query<{ document: Call }>(
      `SELECT document FROM calls
       WHERE NOT document ? 'carries' AND ($1::text IS NULL OR tenant = $1) AND ($2::boolean IS NULL OR (state <> 'ended') = $2)
         AND ($3::timestamptz IS NULL OR (started_at, call_id) < ($3::timestamptz, $4::uuid))
       ORDER BY started_at DESC, call_id DESC LIMIT $5`,
      [tenant ?? null, live ?? null, time, id, limit],
    );
    const calls = rows.map((row) => whole(row.document));
    const last = calls.at(-1);
    return { calls, ...(calls.length === limit && last ? { next: `${new Date(last.startedAt).toISOString()}_${last.callId}` } : {}) };
  }

  async timeline(callId: string): Promise<TimelineEntry[]> {
    const rows = await this.db.query<TimelineRow>('SELECT time, type, source, event_id, data FROM call_timeline WHERE call_id = $1 ORDER BY time, position', [callId]);
    return rows.map(({ event_id: eventId, ...rest }) => ({ ...rest, eventId }));
  }

  async project(tx: Tx, callId: string, apply: (call: Call | undefined) => Call | undefined): Promise<void> {
    const [row] = await tx.query<{ document: Call }>('SELECT document FROM calls WHERE call_id = $1 FOR UPDATE', [callId]);
    const call = apply(row && whole(row.document));
    if (call) await upsert(tx, { call, facts: [], at: call.startedAt, epoch: 0 });
  }

  async addToTimeline(tx: Tx, callId: string, ...events: readonly EventOf<unknown>[]): Promise<void> {
    if (events.length === 0) return;
    const entries = events.map(({ id, tenantid, time, type, source, data }) => ({ event_id: id, call_id: callId, tenant: tenantid, time, type, source, data }));
    await tx.run(ADD_TO_TIMELINE, [JSON.stringify(entries)]);
  }
}

/** A document of an older version lacks what that one didn't know. */
const whole = (document: Call): Call => ({ ...NO_CONTROL, ...document, agentPart: document.agentPart && { ...NO_ABSENCE, ...document.agentPart } });

/** False when this step, or a later one, is there already. */
async function upsert(tx: Tx, { call, epoch }: CallStep): Promise<boolean> {
  const times = [new Date(call.startedAt), call.endedAt === null ? null : new Date(call.endedAt)];
  const touched = await tx.run(UPSERT, [call.callId, call.version, call.tenant, call.edgeId, call.state, ...times, JSON.stringify(call), epoch]);
  return touched === 1;
}

async function storeRecordings(tx: Tx, call: Call, at: Date): Promise<void> {
  for (const recording of call.recordings) {
    await tx.run(
      `INSERT INTO recordings AS r (recording_id, call_id, tenant, edge_id, state, announced, duration_ms, bytes, started_at, ended_at, channels, mailbox)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $5 = 'recording' THEN NULL ELSE $9::timestamptz END, $10, $11)
       ON CONFLICT (recording_id) DO UPDATE SET state = excluded.state, duration_ms = excluded.duration_ms, bytes = excluded.bytes, ended_at = excluded.ended_at
       WHERE r.state <> excluded.state`,
      [recording.recordingId, knownAs(call), call.tenant, call.edgeId, recording.state, recording.announced, recording.durationMs, recording.bytes, at, recording.channels ?? 'mono', recording.voicemail?.mailbox ?? null],
    );
  }
}

function readCursor(cursor: string): [string, string] {
  const [, time, id] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)_([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (time === undefined || id === undefined) throw new PermanentError('bad_cursor', '"after" is no cursor of this list.', { status: 400, remedy: 'Give the `next` of the page before, or nothing.' });
  return [time, id];
}
