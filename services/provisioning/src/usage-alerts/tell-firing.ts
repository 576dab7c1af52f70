import { Inject, Injectable } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { Metrics, type Counter, type Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { FiredTriggerRepository } from './fired-triggers.repository.js';
import type { Firing } from './firing.js';
import { UsageAlertPublisher } from './usage-alerts.publisher.js';

/** A trigger that fired becomes one event, however often and in whichever way it is known. */
@Injectable()
export class TellFiring {
  private readonly fired: Counter<'by'>;

  constructor(
    private readonly db: Database,
    private readonly known: FiredTriggerRepository,
    private readonly publisher: UsageAlertPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.fired = metrics.counter('troncal_usage_triggers_fired_total');
    for (const by of ['price', 'usage', 'count']) this.fired.inc({ by }, 0);
  }

  async run(firing: Firing): Promise<void> {
    const { fired } = firing;
    await this.db.transaction(async (tx) => {
      if (!(await this.known.add(tx, firing))) return;
      await this.publisher.fired(tx, fired);
      tx.onCommit(() => {
        this.fired.inc({ by: fired.by });
        this.logger.warn({ ...fired }, 'an account has used as much as a trigger watches for');
      });
    });
  }
}
