import type { Language } from '@troncal/contracts';
import type { Tx } from '@troncal/persistence';
import type { EndpointSighting, KpiCost, KpiCounts } from './kpi.js';

/** One day, as `2026-11-30`. */
export type Day = string;

export interface DayOf<T> {
  readonly tenant: string;
  readonly day: Day;
  readonly of: T;
}

/** Undefined tenant: of all. */
export interface KpiRange {
  readonly tenant?: string | undefined;
  readonly from: Day;
  readonly to: Day;
}

/** Where figures are kept. Days are those of the tenant's own time zone; UTC for who has none. */
export abstract class KpiRepository {
  /** Adds to the day of `at`. Locks the tenant's day until the transaction ends: call it late. */
  abstract add(tx: Tx, tenant: string, at: Date, counts: KpiCounts): Promise<void>;
  abstract addCost(tx: Tx, tenant: string, at: Date, cost: KpiCost): Promise<void>;
  /** Keeps the latest of what is known and what is told. */
  abstract sight(tx: Tx, tenant: string, sightings: readonly EndpointSighting[]): Promise<void>;
  abstract noteSetup(tx: Tx, tenant: string, tookMs: number, readyAt: Date): Promise<void>;
  abstract counts(range: KpiRange): Promise<DayOf<KpiCounts>[]>;
  abstract costs(range: KpiRange): Promise<DayOf<KpiCost>[]>;
  abstract setupMs(tenant: string): Promise<number | undefined>;
  abstract endpoints(tenant: string): Promise<EndpointSighting[]>;
  /** The tenant's day and language now; undefined for who is no tenant and has no figures. */
  abstract particulars(tenant: string, now: Date): Promise<{ readonly today: Day; readonly language: Language } | undefined>;
  /** Who has figures since that day. */
  abstract tenantsSince(day: Day): Promise<string[]>;
  /** False when it was said before. */
  abstract miss(tx: Tx, tenant: string, day: Day, kpi: string): Promise<boolean>;
  abstract isReported(tenant: string, firstDay: Day): Promise<boolean>;
  /** False when the week was reported before. */
  abstract report(tx: Tx, tenant: string, firstDay: Day): Promise<boolean>;
}
