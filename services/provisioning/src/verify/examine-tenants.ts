import { Injectable } from '@nestjs/common';
import type { DoctorView } from '@troncal/contracts';
import { diagnose, LOOKED } from './diagnose.js';
import { ReadHealth } from './read-health.js';

/** Tells what is wrong with telephones, why, and what to do about it. @throws as ReadHealth */
@Injectable()
export class ExamineTenants {
  constructor(private readonly health: ReadHealth) {}

  /** Of one tenant, or of all when absent; with what is not known to be anybody's, as it may be theirs. */
  async run(environment: string, only?: string): Promise<DoctorView> {
    const { now, tenants, strays } = await this.health.run(environment, only);
    return { environment, tenants: tenants.map(({ tenant }) => tenant), at: now.toISOString(), findings: diagnose(tenants, strays), looked: [...LOOKED] };
  }
}
