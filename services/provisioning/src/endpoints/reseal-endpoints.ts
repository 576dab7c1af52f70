import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { CredentialVault } from '../credentials/credential-vault.js';
import { inBatches, ResealOnStart } from '../credentials/reseal-on-start.js';
import { EndpointRepository, type EndpointWithCredential } from './endpoints.repository.js';

/** Puts the passwords of endpoints under the active key. Passwords and revisions stay as they are. */
@Injectable()
export class ResealEndpoints extends ResealOnStart<EndpointWithCredential> {
  constructor(
    private readonly endpoints: EndpointRepository,
    private readonly vault: CredentialVault,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('passwords', schema, logger);
  }

  protected sealedOtherwise(): AsyncIterable<EndpointWithCredential> {
    return inBatches((limit, after) => this.endpoints.sealedOtherwise(this.vault.activeKeyId, limit, after?.endpoint));
  }

  protected async reseal({ endpoint, credential }: EndpointWithCredential): Promise<void> {
    await this.endpoints.reseal(endpoint, this.vault.seal(endpoint, this.vault.open(endpoint, credential)));
  }

  protected ownerOf({ endpoint: { tenant, extension } }: EndpointWithCredential): string {
    return `${tenant}/${extension}`;
  }
}
