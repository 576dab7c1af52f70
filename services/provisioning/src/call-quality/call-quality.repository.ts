import type { ComplaintKind } from '@troncal/contracts';
import type { Tx } from '@troncal/persistence';
import type { DayOf, KpiRange } from '../kpis/kpi.repository.js';
import type { ComplaintCounts, MeasuredCounts } from './quality-counts.js';

/** Whether Twilio measures calls of a tenant's account in an environment, as it was last seen. */
export interface QualitySource {
  readonly environment: string;
  readonly state: 'measures' | 'not_enabled';
  readonly seenAt: Date;
}

/** Keeps how calls sounded, and what people said of it. Days are those of the tenant's own time zone. */
export abstract class CallQualityRepository {
  abstract add(tx: Tx, tenant: string, at: Date, counts: MeasuredCounts): Promise<void>;
  abstract complain(tx: Tx, tenant: string, callAt: Date, kind: ComplaintKind): Promise<void>;
  abstract measured(range: KpiRange): Promise<DayOf<MeasuredCounts>[]>;
  abstract complaints(range: KpiRange): Promise<DayOf<ComplaintCounts>[]>;
  /** Of the account that the tenant is in. */
  abstract see(environment: string, tenant: string, state: QualitySource['state'], at: Date): Promise<void>;
  abstract sources(tenant: string, environments: readonly string[]): Promise<QualitySource[]>;
}
