import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { CredentialVault } from '../credentials/credential-vault.js';
import { newSipPassword } from '../credentials/sip-password.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { rotateCredential, type Endpoint } from './endpoint.js';
import { unknownEndpoint } from './endpoints.errors.js';
import { EndpointPublisher } from './endpoints.publisher.js';
import { EndpointRepository } from './endpoints.repository.js';

/** Gives an endpoint a new password, told this once; the old one is gone. @throws PermanentError `unknown_tenant`, `unknown_endpoint` */
@Injectable()
export class RotateCredential {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly endpoints: EndpointRepository,
    private readonly vault: CredentialVault,
    private readonly publisher: EndpointPublisher,
  ) {}

  async run(tenant: string, extension: string): Promise<{ readonly endpoint: Endpoint; readonly password: string }> {
    return this.db.transaction(async (tx) => {
      await this.tenants.lock(tx, tenant);
      const current = await this.endpoints.findIn(tx, tenant, extension);
      if (!current) throw unknownEndpoint(tenant, extension);
      const endpoint = rotateCredential(current);
      const password = newSipPassword();
      await this.endpoints.updateCredential(tx, endpoint, this.vault.seal(endpoint, password));
      await this.publisher.rotated(tx, endpoint);
      return { endpoint, password };
    });
  }
}
