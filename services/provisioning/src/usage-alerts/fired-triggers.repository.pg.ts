import { Injectable } from '@nestjs/common';
import type { Tx } from '@troncal/persistence';
import { FiredTriggerRepository } from './fired-triggers.repository.js';
import { periodOf, type Firing } from './firing.js';

@Injectable()
export class PgFiredTriggerRepository extends FiredTriggerRepository {
  async add(tx: Tx, { sid, token, fired }: Firing): Promise<boolean> {
    const added = await tx.run('INSERT INTO fired_triggers (sid, period, token, environment, trigger, fired_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING', [
      sid, periodOf(fired), token ?? null, fired.environment, fired.trigger, fired.firedAt,
    ]);
    return added === 1;
  }
}
