import { Injectable } from '@nestjs/common';
import { CredentialRotatedV1, EndpointRemovedV1, EndpointUpdatedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import { sipUserOf, type Endpoint } from './endpoint.js';

/** States what becomes true of an endpoint, in the transaction that makes it so. Never its password. */
@Injectable()
export class EndpointPublisher {
  constructor(private readonly outbox: Outbox) {}

  async updated(tx: Tx, endpoint: Endpoint): Promise<void> {
    const { displayName, role, queues, enabled, revision, credentialRevision } = endpoint;
    await this.outbox.emit(tx, EndpointUpdatedV1, { ...aggregate(endpoint), data: { ...named(endpoint), displayName, role, queues: [...queues], enabled, revision, credentialRevision } });
  }

  async rotated(tx: Tx, endpoint: Endpoint): Promise<void> {
    await this.outbox.emit(tx, CredentialRotatedV1, { ...aggregate(endpoint), data: { ...named(endpoint), credentialRevision: endpoint.credentialRevision } });
  }

  /** @param endpoint with the revision that tells of its end */
  async removed(tx: Tx, endpoint: Endpoint): Promise<void> {
    await this.outbox.emit(tx, EndpointRemovedV1, { ...aggregate(endpoint), data: { ...named(endpoint), revision: endpoint.revision } });
  }
}

const aggregate = ({ tenant, extension }: Endpoint): { readonly tenant: string; readonly subject: string } => ({ tenant, subject: extension });
const named = ({ tenant, extension }: Endpoint): { extension: string; sipUser: string } => ({ extension, sipUser: sipUserOf(tenant, extension) });
