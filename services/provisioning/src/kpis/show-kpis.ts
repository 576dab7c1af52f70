import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { EnvironmentAvailability, Language, PlatformKpis, TenantKpis } from '@troncal/contracts';
import type { Clock } from '@troncal/kernel';
import { AvailabilityRepository, type EnvironmentCounts } from '../availability/availability.repository.js';
import { CallQualityRepository } from '../call-quality/call-quality.repository.js';
import { RegistrationWaits } from '../registrations/registration-waits.repository.js';
import { unknownTenant } from '../tenants/tenants.errors.js';
import { dayAfter } from './day.js';
import { KpiRepository, type Day } from './kpi.repository.js';
import { figuresOf, measuresBy } from './measures.js';
import { ReadMeasures } from './read-measures.js';
import { targetsOf } from './targets.js';

interface Asked {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  /** Of texts; the tenant's own when absent. */
  readonly language?: Language | undefined;
}

/** Figures of a tenant, or of all, over some days: the last seven when nobody says which. */
@Injectable()
export class ShowKpis {
  constructor(
    private readonly kpis: KpiRepository,
    private readonly measures: ReadMeasures,
    private readonly availability: AvailabilityRepository,
    private readonly quality: CallQualityRepository,
    private readonly registrations: RegistrationWaits,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws PermanentError `unknown_tenant` (404) */
  async ofTenant(tenant: string, asked: Asked): Promise<TenantKpis & { readonly language: Language }> {
    const now = this.clock.date();
    const known = await this.kpis.particulars(tenant, now);
    if (!known) throw unknownTenant(tenant);
    const { from, to } = rangeOf(asked, known.today);
    const range = { tenant, from, to };
    const [measures, setupMs, endpoints, waits, environments] = await Promise.all([
      this.measures.run(range), this.kpis.setupMs(tenant), this.kpis.endpoints(tenant), this.registrations.list(range), this.availability.environments(range),
    ]);
    const sources = await this.quality.sources(tenant, environments.map(({ environment }) => environment));
    const language = asked.language ?? known.language;
    const figures = figuresOf(measures);
    const days = measuresBy('day', measures).map(([day, of]) => ({ day, ...figuresOf(of) }));
    const time = (date: Date | undefined): string | null => date?.toISOString() ?? null;
    return {
      tenant, from, to, figures, days, language, targets: targetsOf({ figures, measures, setupMs, endpoints, waits, environments, sources, now }, language),
      endpoints: endpoints.map(({ extension, seenAt, unreachableAt }) => ({ extension, seenAt: time(seenAt), unreachableAt: time(unreachableAt) })),
    };
  }

  /** Each tenant's days are its own, so the days of all are not quite the same hours. */
  async ofAll(asked: Asked): Promise<PlatformKpis> {
    const { from, to } = rangeOf(asked, this.clock.date().toISOString().slice(0, 10));
    const [measures, environments] = await Promise.all([this.measures.run({ from, to }), this.availability.environments({ from, to })]);
    const tenants = measuresBy('tenant', measures).map(([tenant, of]) => ({ tenant, ...figuresOf(of) }));
    return { from, to, figures: figuresOf(measures), tenants, environments: environments.map(availabilityOf) };
  }
}

function availabilityOf({ environment, answered, failed, probesAnswered, probesFailed }: EnvironmentCounts): EnvironmentAvailability {
  const [questions, probes] = [answered + failed, probesAnswered + probesFailed];
  return { environment, questions, questionsFailed: failed, probes, probesFailed, share: questions + probes === 0 ? null : (answered + probesAnswered) / (questions + probes) };
}

function rangeOf({ from, to }: Asked, today: Day): { readonly from: Day; readonly to: Day } {
  const last = to ?? (from !== undefined && from > today ? from : today);
  return { from: from ?? dayAfter(last, -6), to: last };
}
