import { Injectable } from '@nestjs/common';
import { PermanentError } from '@troncal/kernel';
import { Database, type Tx } from '@troncal/persistence';
import { newSipPassword } from '../credentials/sip-password.js';
import { EdgeTrunkVault } from './edge-trunk-vault.js';
import { EdgeTrunkPublisher } from './edge-trunks.publisher.js';
import { EdgeTrunkRepository } from './edge-trunks.repository.js';

/** Sees to it that an environment with an address of our Asterisk has a password for it, and one without has none. */
@Injectable()
export class KeepEdgeTrunk {
  constructor(
    private readonly db: Database,
    private readonly trunks: EdgeTrunkRepository,
    private readonly vault: EdgeTrunkVault,
    private readonly publisher: EdgeTrunkPublisher,
  ) {}

  /** In the transaction that says which it is; nothing when it is so already. */
  async within(tx: Tx, environment: string, wanted: boolean): Promise<void> {
    const current = await this.trunks.lock(tx, environment);
    if ((current?.password ?? null) !== null === wanted) return;
    await this.renew(tx, environment, current?.credentialRevision ?? 0, wanted);
  }

  /** Another password, from now on: until Asterisk has its digest, a moment later, Twilio's rail serves calls itself. @throws PermanentError `no_edge` */
  async rotate(environment: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      const current = await this.trunks.lock(tx, environment);
      if (current === undefined || current.password === null) throw noEdge(environment);
      return this.renew(tx, environment, current.credentialRevision, true);
    });
  }

  private async renew(tx: Tx, environment: string, before: number, wanted: boolean): Promise<number> {
    const trunk = { environment, credentialRevision: before + 1, password: wanted ? this.vault.seal(environment, newSipPassword()) : null };
    await this.trunks.save(tx, trunk);
    await this.publisher.changed(tx, trunk);
    return trunk.credentialRevision;
  }
}

const noEdge = (environment: string): PermanentError =>
  new PermanentError('no_edge', `"${environment}" has no address of our Asterisk, so there is no password to change.`, { status: 409, remedy: `PUT /api/environments/${environment} with "edge".` });
