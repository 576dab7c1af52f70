/** What calls of one tenant and day added up to. */
export interface KpiCounts {
  readonly calls: number;
  readonly answered: number;
  readonly failed: number;
  readonly refused: number;
  readonly sip4xx: number;
  readonly sip5xx: number;
  /** Calls of which it is known how long a phone rang before somebody took them. */
  readonly rung: number;
  readonly ringMs: number;
  readonly answeredMs: number;
  readonly minutes: number;
}

export const NO_CALLS: KpiCounts = { calls: 0, answered: 0, failed: 0, refused: 0, sip4xx: 0, sip5xx: 0, rung: 0, ringMs: 0, answeredMs: 0, minutes: 0 };

/** Millionths of the currency's unit. */
export interface KpiCost {
  readonly currency: string;
  readonly micros: number;
}

/** When a phone was last seen to be registered, and last dialled in vain. */
export interface EndpointSighting {
  readonly extension: string;
  readonly seenAt: Date | undefined;
  readonly unreachableAt: Date | undefined;
}

export function addUp(one: KpiCounts, other: KpiCounts): KpiCounts {
  const keys = Object.keys(NO_CALLS) as (keyof KpiCounts)[];
  return keys.reduce((sum, key) => ({ ...sum, [key]: one[key] + other[key] }), NO_CALLS);
}

export const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`;
