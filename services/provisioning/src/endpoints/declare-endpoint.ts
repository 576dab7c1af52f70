import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { CredentialVault } from '../credentials/credential-vault.js';
import { newSipPassword } from '../credentials/sip-password.js';
import { RouteRepository } from '../routes/routes.repository.js';
import { refuseEmergency } from '../tenants/emergency-extension.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { changeEndpoint, newEndpoint, type Endpoint, type EndpointParticulars } from './endpoint.js';
import { extensionIsRoute } from './endpoints.errors.js';
import { EndpointPublisher } from './endpoints.publisher.js';
import { EndpointRepository } from './endpoints.repository.js';

/** `password` is there when the endpoint was made now: it is told this once. */
export interface DeclaredEndpoint {
  readonly endpoint: Endpoint;
  readonly password?: string;
}

/**
 * Makes an endpoint be as declared: creates it with a password of its own, changes it, or finds it so already.
 * @throws PermanentError `unknown_tenant`, `extension_reserved`, `extension_taken`
 */
@Injectable()
export class DeclareEndpoint {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly endpoints: EndpointRepository,
    private readonly routes: RouteRepository,
    private readonly vault: CredentialVault,
    private readonly publisher: EndpointPublisher,
  ) {}

  async run(tenant: string, extension: string, wanted: EndpointParticulars): Promise<DeclaredEndpoint> {
    return this.db.transaction(async (tx) => {
      const owner = await this.tenants.lock(tx, tenant);
      const current = await this.endpoints.findIn(tx, tenant, extension);
      if (current) {
        const changed = changeEndpoint(current, wanted);
        if (!changed) return { endpoint: current };
        await this.endpoints.update(tx, changed);
        await this.publisher.updated(tx, changed);
        return { endpoint: changed };
      }
      refuseEmergency(owner, extension);
      const route = await this.routes.codeAt(tx, tenant, extension);
      if (route !== undefined) throw extensionIsRoute(tenant, extension, route);
      const endpoint = newEndpoint(tenant, extension, wanted, await this.endpoints.past(tx, tenant, extension));
      const password = newSipPassword();
      await this.endpoints.insert(tx, endpoint, this.vault.seal(endpoint, password));
      await this.publisher.updated(tx, endpoint);
      return { endpoint, password };
    });
  }
}
