import { Injectable } from '@nestjs/common';
import type { VerifyView } from '@troncal/contracts';
import { notDeclared } from '../declarations/declarations.errors.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { PlanEnvironment } from '../reconcile/plan-environment.js';
import { judgeTenant } from './judge-tenant.js';
import { ProbePhones } from './probe-phones.js';
import { ReadHealth } from './read-health.js';
import type { Probe } from './tenant-health.js';

/** Tells thing by thing whether a tenant's telephones work. @throws as ReadHealth */
@Injectable()
export class VerifyTenant {
  constructor(
    private readonly health: ReadHealth,
    private readonly planner: PlanEnvironment,
    private readonly facts: ReadTenantFacts,
    private readonly probes: ProbePhones,
  ) {}

  /** @param probe phones are called, and may ring for a moment */
  async run(environment: string, tenant: string, probe = false): Promise<VerifyView> {
    // First, so that what Twilio says of it is among the alerts.
    const probes = probe ? await this.probe(environment, tenant) : [];
    const { now, tenants: [health] } = await this.health.run(environment, tenant);
    return { environment, tenant, at: now.toISOString(), checks: health === undefined ? [] : judgeTenant({ ...health, probes }) };
  }

  private async probe(name: string, tenant: string): Promise<Probe[]> {
    const environment = await this.planner.environment(name);
    const { tenants: [found] } = await this.facts.run(name, [tenant]);
    if (found === undefined) throw notDeclared(name, tenant);
    const from = found.numbers.find(({ state, e164 }) => state === 'provisioned' && e164 !== null)?.e164;
    return this.probes.run({ environment: name, tenant, domain: found.subaccount?.domain ?? environment.domain }, found.users.map(({ username }) => username), from ?? 'Troncal');
  }
}
