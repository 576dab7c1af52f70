import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { dayAfter } from './day.js';
import { KpiRepository } from './kpi.repository.js';
import { ReportWeek } from './report-week.js';
import { WatchTargets } from './watch-targets.js';

const EVERY_MS = 300_000;
/** Whoever had a call in this week or the last. */
const BACK_DAYS = 15;

/** Looks at every tenant's figures every five minutes. Several replicas do, and say each thing once all the same. */
@Injectable()
export class KpisInTime extends PeriodicWork {
  protected readonly failure = 'the figures of tenants can’t be looked at now';

  constructor(
    private readonly kpis: KpiRepository,
    private readonly watch: WatchTargets,
    private readonly report: ReportWeek,
    @Inject(CLOCK) private readonly clock: Clock,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(EVERY_MS, schema, logger);
  }

  /** One look at every tenant. */
  async once(): Promise<void> {
    const now = this.clock.date();
    const today = now.toISOString().slice(0, 10);
    await this.watch.ofEnvironments(today);
    for (const tenant of await this.kpis.tenantsSince(dayAfter(today, -BACK_DAYS))) {
      const known = await this.kpis.particulars(tenant, now);
      if (!known) continue;
      await this.watch.run(tenant, known.today);
      await this.report.run(tenant, known.today);
    }
  }
}
