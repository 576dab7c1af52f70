import { Injectable } from '@nestjs/common';
import { EdgeTrunksChangedV1, PLATFORM_TENANT } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { EdgeTrunk } from './edge-trunk.js';

/** States, in the transaction that makes it so, that the passwords at our Asterisk are others. Never a password. */
@Injectable()
export class EdgeTrunkPublisher {
  constructor(private readonly outbox: Outbox) {}

  async changed(tx: Tx, { environment, credentialRevision, password }: EdgeTrunk): Promise<void> {
    await this.outbox.emit(tx, EdgeTrunksChangedV1, { tenant: PLATFORM_TENANT, subject: environment, data: { environment, credentialRevision: password === null ? null : credentialRevision } });
  }
}
