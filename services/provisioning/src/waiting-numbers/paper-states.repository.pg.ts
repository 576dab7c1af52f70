import { Injectable } from '@nestjs/common';
import type { Tx } from '@troncal/persistence';
import { PaperStateRepository, type PaperState } from './paper-states.repository.js';

/** How long Twilio is given to act on its own approval before the purchase is tried again. */
const AGAIN_AFTER = '1 hour';

@Injectable()
export class PgPaperStateRepository extends PaperStateRepository {
  async note(tx: Tx, { environment, paper, status, reason }: PaperState): Promise<boolean> {
    const changed = await tx.run(
      `INSERT INTO paper_states AS p (environment, paper, status, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (environment, paper) DO UPDATE SET status = excluded.status, reason = excluded.reason, resumed_at = NULL
       WHERE (p.status, p.reason) IS DISTINCT FROM (excluded.status, excluded.reason)`,
      [environment, paper, status, reason ?? null],
    );
    return changed === 1;
  }

  async resume(tx: Tx, environment: string, papers: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ paper: string }>(
      `UPDATE paper_states SET resumed_at = now() WHERE environment = $1 AND paper = ANY ($2) AND (resumed_at IS NULL OR resumed_at < now() - interval '${AGAIN_AFTER}') RETURNING paper`,
      [environment, papers],
    );
    return new Set(rows.map(({ paper }) => paper));
  }
}
