import type { Database } from '@troncal/persistence';
import type { RecordingRepository, RecordingRow } from './recording.repository.js';

const COLUMNS = 'recording_id AS "recordingId", call_id AS "callId", tenant, edge_id AS "edgeId", state, announced, channels, mailbox, duration_ms AS "durationMs", bytes, started_at AS "startedAt"';

/** Recordings in PostgreSQL. */
export class PgRecordingRepository implements RecordingRepository {
  constructor(private readonly db: Database) {}

  async find(recordingId: string): Promise<RecordingRow | undefined> {
    const [row] = await this.db.query<RecordingRow>(`SELECT ${COLUMNS} FROM recordings WHERE recording_id = $1`, [recordingId]);
    return row;
  }

  async open(edgeId: string): Promise<RecordingRow[]> {
    return this.db.query<RecordingRow>(`SELECT ${COLUMNS} FROM recordings WHERE edge_id = $1 AND state = 'recording'`, [edgeId]);
  }
}
