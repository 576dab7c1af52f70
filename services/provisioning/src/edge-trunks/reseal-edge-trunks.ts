import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { ResealOnStart } from '../credentials/reseal-on-start.js';
import type { EdgeTrunk } from './edge-trunk.js';
import { EdgeTrunkVault } from './edge-trunk-vault.js';
import { EdgeTrunkRepository } from './edge-trunks.repository.js';

/** Puts the passwords with which Twilio's rail calls our Asterisk under the active key. */
@Injectable()
export class ResealEdgeTrunks extends ResealOnStart<EdgeTrunk> {
  constructor(
    private readonly db: Database,
    private readonly trunks: EdgeTrunkRepository,
    private readonly vault: EdgeTrunkVault,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('the passwords of Twilio’s rail at our Asterisk', schema, logger);
  }

  protected async sealedOtherwise(): Promise<EdgeTrunk[]> {
    return (await this.trunks.list()).filter(({ password }) => password !== null && password.keyId !== this.vault.activeKeyId);
  }

  protected reseal({ environment }: EdgeTrunk): Promise<void> {
    return this.db.transaction(async (tx) => {
      const trunk = await this.trunks.lock(tx, environment);
      if (trunk?.password) await this.trunks.save(tx, { ...trunk, password: this.vault.seal(environment, this.vault.open(environment, trunk.password)) });
    });
  }

  protected ownerOf({ environment }: EdgeTrunk): string {
    return environment;
  }
}
