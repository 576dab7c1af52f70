import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type LabelsOf, type MetricName } from './catalogue.js';
import { DELAY_BUCKETS, type MetricDeclaration } from './declaration.js';

export type { Counter, Gauge, Histogram } from 'prom-client';

/**
 * The metrics of one service. Only what the catalogue declares can be asked for; its help, labels and buckets are taken from there. Asking twice for
 * the same name gives the same metric, so that parts of a service need not know each other.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly collecting: (() => Promise<void>)[] = [];

  /** @param options.process also collect CPU, memory, event-loop delay and garbage collection of this process */
  constructor(service: string, options: { readonly process?: boolean } = {}) {
    this.registry.setDefaultLabels({ service });
    if (options.process) collectDefaultMetrics({ register: this.registry });
  }

  counter<Name extends MetricName<'counter'>>(name: Name): Counter<LabelsOf<Name>> {
    return this.existing(name, Counter<LabelsOf<Name>>) ?? new Counter({ ...this.declared(name) });
  }

  /** @param collect called before each scrape, to set values that are cheaper to read then: its own, and those of gauges that go with it */
  gauge<Name extends MetricName<'gauge'>>(name: Name, collect?: (gauge: Gauge<LabelsOf<Name>>) => void | Promise<void>): Gauge<LabelsOf<Name>> {
    const existing = this.existing(name, Gauge<LabelsOf<Name>>);
    if (existing) return existing;
    const gauge = new Gauge<LabelsOf<Name>>(this.declared(name));
    if (collect) this.collecting.push(async () => collect(gauge));
    return gauge;
  }

  histogram<Name extends MetricName<'histogram'>>(name: Name): Histogram<LabelsOf<Name>> {
    const { buckets }: MetricDeclaration = METRICS[name];
    return this.existing(name, Histogram<LabelsOf<Name>>) ?? new Histogram({ ...this.declared(name), buckets: [...(buckets ?? DELAY_BUCKETS)] });
  }

  /** The text a Prometheus scrape reads. */
  async text(): Promise<string> {
    // All before any is written: prom-client writes each metric as soon as its own collecting ends, so one that another sets would be a scrape late.
    await Promise.all(this.collecting.map((collect) => collect()));
    return this.registry.metrics();
  }

  private declared<Name extends keyof typeof METRICS>(name: Name): { name: string; help: string; labelNames: LabelsOf<Name>[]; registers: Registry[] } {
    const { help, labels } = METRICS[name];
    return { name, help, labelNames: Object.keys(labels) as LabelsOf<Name>[], registers: [this.registry] };
  }

  private existing<M>(name: string, kind: new (...args: never[]) => M): M | undefined {
    const metric: unknown = this.registry.getSingleMetric(name);
    return metric instanceof kind ? metric : undefined;
  }
}
