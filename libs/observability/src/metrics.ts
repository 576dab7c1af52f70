import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus' rule: base units, and the unit in the name. */
const NAME = /^troncal_[a-z0-9_]+_(total|seconds|bytes|ratio|info|count|state)$/;

export type { Counter, Gauge, Histogram } from 'prom-client';

/** Buckets in seconds for delays from one millisecond to ten seconds. */
export const DELAY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/**
 * The metrics of one service. Asking twice for the same name gives the same metric, so that parts of a service need not know each other.
 * Names are `troncal_<thing>_<unit>`: total for counters, seconds, bytes, ratio, count or state for the rest; anything else throws.
 */
export class Metrics {
  readonly registry = new Registry();

  /** @param options.process also collect CPU, memory, event-loop delay and garbage collection of this process */
  constructor(service: string, options: { readonly process?: boolean } = {}) {
    this.registry.setDefaultLabels({ service });
    if (options.process) collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(name: string, help: string, labels: readonly Label[] = []): Counter<Label> {
    return this.existing(name, Counter<Label>) ?? new Counter({ name: checked(name), help, labelNames: labels, registers: [this.registry] });
  }

  /** @param collect called before each scrape, to set values that are cheaper to read then */
  gauge<Label extends string>(name: string, help: string, labels: readonly Label[] = [], collect?: (gauge: Gauge<Label>) => void | Promise<void>): Gauge<Label> {
    const existing = this.existing(name, Gauge<Label>);
    if (existing) return existing;
    return new Gauge<Label>({
      name: checked(name),
      help,
      labelNames: labels,
      registers: [this.registry],
      ...(collect && {
        async collect() {
          await collect(this);
        },
      }),
    });
  }

  histogram<Label extends string>(name: string, help: string, labels: readonly Label[] = [], buckets: readonly number[] = DELAY_BUCKETS): Histogram<Label> {
    return (
      this.existing(name, Histogram<Label>) ??
      new Histogram({ name: checked(name), help, labelNames: labels, buckets: [...buckets], registers: [this.registry] })
    );
  }

  /** The text a Prometheus scrape reads. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private existing<M>(name: string, kind: new (...args: never[]) => M): M | undefined {
    const metric: unknown = this.registry.getSingleMetric(name);
    if (metric === undefined) return undefined;
    if (metric instanceof kind) return metric;
    throw new Error(`The metric ${name} exists already and is no ${kind.name}. Name one of the two differently.`);
  }
}

function checked(name: string): string {
  if (NAME.test(name)) return name;
  throw new Error(`${name} is no good metric name; expected troncal_<thing>_<unit> with a base unit (total, seconds, bytes, ratio, info, count, state).`);
}
