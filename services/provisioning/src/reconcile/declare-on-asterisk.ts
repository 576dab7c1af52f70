import { Injectable } from '@nestjs/common';
import { effectiveRoutes, type TenantDeclaration } from '@troncal/contracts';
import { DeclareEndpoint } from '../endpoints/declare-endpoint.js';
import { AssignNumber } from '../numbers/assign-number.js';
import { DeclareRoute } from '../routes/declare-route.js';
import { CreateTenant } from '../tenants/create-tenant.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { UpdateTenant } from '../tenants/update-tenant.js';

/** Which number leads to which route. */
export interface KnownNumber {
  readonly e164: string;
  readonly route: string;
}

/**
 * Makes a tenant be there for all of Troncal, and in the primary environment its routes, phones and numbers too, so that the same declaration serves both rails.
 * What was declared by other means and isn't in the declaration is left alone. Each part is the same when it's declared again.
 */
@Injectable()
export class DeclareOnAsterisk {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly createTenant: CreateTenant,
    private readonly updateTenant: UpdateTenant,
    private readonly declareRoute: DeclareRoute,
    private readonly declareEndpoint: DeclareEndpoint,
    private readonly assignNumber: AssignNumber,
  ) {}

  /** @throws PermanentError `extension_taken`, `extension_reserved`, `number_taken` */
  async run(declaration: TenantDeclaration, numbers: readonly KnownNumber[], primary: boolean): Promise<void> {
    const { tenant, name, country, language, timeZone } = declaration;
    if ((await this.tenants.find(tenant)) === undefined) await this.createTenant.run({ code: tenant, name, country, language, timeZone });
    if (!primary) return;
    await this.updateTenant.run(tenant, { name, language, timeZone });
    for (const [code, route] of Object.entries(effectiveRoutes(declaration))) await this.declareRoute.run(tenant, code, route);
    for (const { extension, displayName, role, queues } of declaration.endpoints) await this.declareEndpoint.run(tenant, extension, { displayName: displayName ?? role, role, queues, enabled: true });
    for (const { e164, route } of numbers) await this.assignNumber.run({ tenant, number: e164, route, mayKnowOwner: true });
  }
}
