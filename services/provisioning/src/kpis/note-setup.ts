import { Injectable } from '@nestjs/common';
import type { Tx } from '@troncal/persistence';
import { KpiRepository } from './kpi.repository.js';

/** How long it took from a tenant's declaration until all of it was there at Twilio: for whoever applies declarations, in the transaction that ends the run. */
@Injectable()
export class NoteSetup {
  constructor(private readonly kpis: KpiRepository) {}

  async within(tx: Tx, tenant: string, declaredAt: Date, readyAt: Date): Promise<void> {
    await this.kpis.noteSetup(tx, tenant, Math.max(0, readyAt.getTime() - declaredAt.getTime()), readyAt);
  }
}
