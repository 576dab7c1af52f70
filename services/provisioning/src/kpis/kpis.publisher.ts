import { Injectable } from '@nestjs/common';
import { KpiMissedV1, ReportReadyV1, type KpiTarget, type Language, type TenantKpis } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import { reportText } from './kpi-report.js';

/** States what is to be known of a tenant's figures. */
@Injectable()
export class KpisPublisher {
  constructor(private readonly outbox: Outbox) {}

  async missed(tx: Tx, tenant: string, day: string, { kpi, target, value, basis, observations, detail }: KpiTarget): Promise<void> {
    await this.outbox.emit(tx, KpiMissedV1, { tenant, subject: tenant, data: { kpi, day, target, value: value ?? '', ...(basis !== 'not_measured' && { basis }), observations, detail: detail.slice(0, 500) } });
  }

  async reportReady(tx: Tx, kpis: TenantKpis, language: Language): Promise<void> {
    const { tenant, from, to, figures, targets } = kpis;
    const { calls, answered, failed, minutes, cost, complaints } = figures;
    const data = { from, to, calls, answered, failed, minutes, cost, complaints, targets, text: reportText(kpis, language), location: `/api/tenants/${tenant}/kpis?from=${from}&to=${to}` };
    await this.outbox.emit(tx, ReportReadyV1, { tenant, subject: tenant, data });
  }
}
