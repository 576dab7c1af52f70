import { Injectable } from '@nestjs/common';
import type { Queryable, Tx } from '@troncal/persistence';
import type { Purse } from '../spend/spend-account.js';
import { DecisionRepository, type KeptDecision } from './decisions.repository.js';
import type { OutboundDecision } from './outbound-desk.js';

const FIND = { name: 'outbound-decision-find', text: 'SELECT outcome FROM outbound_decisions WHERE environment = $1 AND tenant = $2 AND request_key = $3' };
const KEEP = {
  name: 'outbound-decision-keep',
  text: `INSERT INTO outbound_decisions (decision_id, environment, tenant, request_key, call_id, at, allowed, reason, decision, outcome)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
};

@Injectable()
export class PgDecisionRepository extends DecisionRepository {
  async find(db: Queryable, { environment, tenant }: Purse, key: string): Promise<OutboundDecision | undefined> {
    const [row] = await db.query<{ outcome: OutboundDecision }>(FIND, [environment, tenant, key]);
    return row?.outcome;
  }

  async keep(tx: Tx, { environment, tenant, key, callId, at, decision, outcome }: KeptDecision): Promise<boolean> {
    const values = [outcome.decisionId, environment, tenant, key, callId, at, outcome.allowed, outcome.allowed ? decision.reason : outcome.reason, JSON.stringify(decision), JSON.stringify(outcome)];
    return (await tx.run(KEEP, values)) === 1;
  }
}
