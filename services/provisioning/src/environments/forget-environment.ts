import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { KeepEdgeTrunk } from '../edge-trunks/keep-edge-trunk.js';
import { environmentNotEmpty, unknownEnvironment } from './environments.errors.js';
import { EnvironmentRepository } from './environments.repository.js';

/** Takes an environment out of the tables. */
@Injectable()
export class ForgetEnvironment {
  constructor(
    private readonly db: Database,
    private readonly environments: EnvironmentRepository,
    private readonly edgeTrunk: KeepEdgeTrunk,
  ) {}

  /** @throws PermanentError `unknown_environment`, `environment_not_empty` */
  async run(name: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockEmpty(tx, name);
      await this.edgeTrunk.within(tx, name, false);
      await this.environments.remove(tx, name);
    });
  }

  /** @throws PermanentError `unknown_environment`, `environment_not_empty` */
  async lockEmpty(tx: Tx, name: string): Promise<void> {
    if ((await this.environments.lock(tx, name)) === undefined) throw unknownEnvironment(name);
    const use = await this.environments.use(tx, name);
    if (use.tenants > 0 || use.numbers > 0 || use.subaccounts > 0) throw environmentNotEmpty(name, use);
  }
}
