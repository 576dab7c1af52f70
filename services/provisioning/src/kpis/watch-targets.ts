import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT, type KpiTarget } from '@troncal/contracts';
import { Telemetry } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { KpiRepository } from './kpi.repository.js';
import { KpisPublisher } from './kpis.publisher.js';
import { ShowKpis } from './show-kpis.js';
import { environmentTarget } from './targets.js';

/** Looks whether figures of today are what they have to be, and states what is not: once per figure and day. */
@Injectable()
export class WatchTargets {
  constructor(
    private readonly db: Database,
    private readonly kpis: KpiRepository,
    private readonly show: ShowKpis,
    private readonly publisher: KpisPublisher,
    private readonly telemetry: Telemetry,
  ) {}

  async run(tenant: string, today: string): Promise<void> {
    const { targets } = await this.show.ofTenant(tenant, { from: today, to: today });
    for (const target of targets) await this.state(tenant, today, target, target.kpi);
  }

  /** Of whole environments: whoever has no call of its own hears of nothing else. */
  async ofEnvironments(today: string): Promise<void> {
    const { environments } = await this.show.ofAll({ from: today, to: today });
    for (const each of environments) await this.state(PLATFORM_TENANT, today, environmentTarget(each), `availability ${each.environment}`);
  }

  private async state(tenant: string, today: string, target: KpiTarget, once: string): Promise<void> {
    if (target.met !== false) return;
    await this.db.transaction(async (tx) => {
      if (!(await this.kpis.miss(tx, tenant, today, once))) return;
      await this.publisher.missed(tx, tenant, today, target);
      tx.onCommit(() => this.telemetry.metrics.counter('troncal_kpis_missed_total').inc({ kpi: target.kpi }));
    });
  }
}
