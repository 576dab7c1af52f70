import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { dayAfter, mondayOf } from './day.js';
import { KpiRepository } from './kpi.repository.js';
import { KpisPublisher } from './kpis.publisher.js';
import { ShowKpis } from './show-kpis.js';

/** Reports the last whole week of a tenant that had any call in it: once. */
@Injectable()
export class ReportWeek {
  constructor(
    private readonly db: Database,
    private readonly kpis: KpiRepository,
    private readonly show: ShowKpis,
    private readonly publisher: KpisPublisher,
  ) {}

  async run(tenant: string, today: string): Promise<void> {
    const from = dayAfter(mondayOf(today), -7);
    if (await this.kpis.isReported(tenant, from)) return;
    const { language, ...kpis } = await this.show.ofTenant(tenant, { from, to: dayAfter(from, 6) });
    if (kpis.days.length === 0) return;
    await this.db.transaction(async (tx) => {
      if (await this.kpis.report(tx, tenant, from)) await this.publisher.reportReady(tx, kpis, language);
    });
  }
}
