import { Injectable } from '@nestjs/common';
import { AvailabilityRepository } from '../availability/availability.repository.js';
import { CallQualityRepository } from '../call-quality/call-quality.repository.js';
import { KpiRepository, type KpiRange } from './kpi.repository.js';
import type { Measures } from './measures.js';

/** Reads all that was counted of a tenant, or of all, over some days. */
@Injectable()
export class ReadMeasures {
  constructor(
    private readonly kpis: KpiRepository,
    private readonly availability: AvailabilityRepository,
    private readonly quality: CallQualityRepository,
  ) {}

  async run(range: KpiRange): Promise<Measures> {
    const [calls, costs, questions, quality, complaints] = await Promise.all([
      this.kpis.counts(range), this.kpis.costs(range), this.availability.questions(range), this.quality.measured(range), this.quality.complaints(range),
    ]);
    return { calls, costs, questions, quality, complaints };
  }
}
