import { Injectable } from '@nestjs/common';
import { Database, type Prepared } from '@troncal/persistence';
import { QueueLineRepository, type LineEntry } from './queue-line.repository.js';

interface Row {
  readonly call_sid: string;
  readonly environment: string;
  readonly tenant: string;
  readonly queue: string | null;
  readonly queued_at: Date | null;
  readonly talks_with: string | null;
}

const IN_LINE: Prepared = {
  name: 'queue-line.read',
  text: `SELECT call_sid, environment, coalesce(queue_tenant, tenant) AS tenant, queue, queued_at, talks_with FROM rail_calls
     WHERE (queue IS NOT NULL OR talks_with IS NOT NULL) AND ended_at IS NULL ORDER BY queued_at, call_sid`,
};

/** Written with the call itself (rail-calls). */
@Injectable()
export class PgQueueLineRepository extends QueueLineRepository {
  constructor(private readonly db: Database) {
    super();
  }

  async read(): Promise<LineEntry[]> {
    const rows = await this.db.query<Row>(IN_LINE);
    return rows.map(({ call_sid: callSid, environment, tenant, queue, queued_at: since, talks_with: talksWith }) => ({
      callSid, environment, tenant, queue: queue ?? undefined, since: since?.getTime() ?? 0, talksWith: talksWith ?? undefined,
    }));
  }
}
