/** Buckets in seconds for delays from one millisecond to ten seconds. */
export const DELAY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** One metric as it is declared: its name is the key in its catalogue. */
export interface MetricDeclaration {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Who exposes it: `every service`, or one by name. */
  readonly by: string;
  readonly help: string;
  /** Label to its meaning. Each takes few values: no ids, no numbers, no tenants. */
  readonly labels: Readonly<Record<string, string>>;
  /** For histograms, in the unit of the name; DELAY_BUCKETS when absent. */
  readonly buckets?: readonly number[];
  /** The alert that looks at it (deploy/monitoring/troncal.rules.yml). */
  readonly alert?: string;
}

export type Catalogue = Readonly<Record<string, MetricDeclaration>>;
