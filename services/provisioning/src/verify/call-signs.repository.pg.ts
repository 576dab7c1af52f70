import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { CallSigns } from './call-signs.repository.js';
import type { LegFailures } from './tenant-health.js';

/** Read from the facts of calls: whole scans, as a person asks for them now and then, and facts are kept for some days. */
@Injectable()
export class PgCallSigns extends CallSigns {
  constructor(private readonly db: Database) {
    super();
  }

  async lastGoodCalls(environment: string, tenants: readonly string[]): Promise<ReadonlyMap<string, Date>> {
    const rows = await this.db.query<{ tenant: string; at: Date }>(
      `SELECT c.tenant, max((f.fact ->> 'at')::timestamptz) AS at FROM rail_calls c JOIN rail_facts f USING (call_sid)
       WHERE c.environment = $1 AND c.tenant = ANY($2) AND f.fact ->> 'kind' = 'answered' GROUP BY c.tenant`,
      [environment, tenants],
    );
    return new Map(rows.map(({ tenant, at }) => [tenant, at]));
  }

  async failures(environment: string, tenants: readonly string[], since: Date): Promise<LegFailures[]> {
    const rows = await this.db.query<{ tenant: string; target: string | null; sip_code: number; times: number; last: Date }>(
      // Several facts of one leg tell of the same end.
      `SELECT c.tenant, f.fact ->> 'target' AS target, (f.fact ->> 'sipCode')::integer AS sip_code, count(DISTINCT f.fact ->> 'legSid')::integer AS times, max((f.fact ->> 'at')::timestamptz) AS last
       FROM rail_calls c JOIN rail_facts f USING (call_sid)
       WHERE c.environment = $1 AND c.tenant = ANY($2) AND f.noted_at >= $3 AND f.fact ->> 'kind' = 'leg-status' AND (f.fact ->> 'sipCode')::integer >= 400
       GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [environment, tenants, since],
    );
    return rows.map(({ tenant, target, sip_code: sipCode, times, last }) => ({ tenant, target: target ?? 'a leg', sipCode, times, last }));
  }

  async owners(sids: readonly string[]): Promise<ReadonlyMap<string, { readonly environment: string; readonly tenant: string }>> {
    if (sids.length === 0) return new Map();
    const rows = await this.db.query<{ sid: string; environment: string; tenant: string }>(
      `SELECT call_sid AS sid, environment, tenant FROM rail_calls WHERE call_sid = ANY($1)
       UNION SELECT f.fact ->> 'legSid', c.environment, c.tenant FROM rail_facts f JOIN rail_calls c USING (call_sid) WHERE f.fact ->> 'legSid' = ANY($1)`,
      [sids],
    );
    return new Map(rows.map(({ sid, environment, tenant }) => [sid, { environment, tenant }]));
  }
}
