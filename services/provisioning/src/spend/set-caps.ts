import { Injectable } from '@nestjs/common';
import type { Caps } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import { isDeepStrictEqual } from 'node:util';
import type { Purse, SpendAccount } from './spend-account.js';
import { SpendRepository } from './spend.repository.js';

/** Sets what the calls of a tenant may cost in one environment. The same caps again change nothing. */
@Injectable()
export class SetCaps {
  constructor(
    private readonly db: Database,
    private readonly spend: SpendRepository,
  ) {}

  run(purse: Purse, caps: Caps): Promise<SpendAccount> {
    return this.db.transaction((tx) => this.within(tx, purse, caps));
  }

  /** In a transaction of the caller's: a declaration that carries caps sets them with everything else. */
  async within(tx: Tx, purse: Purse, caps: Caps): Promise<SpendAccount> {
    const account = await this.spend.lock(tx, purse);
    if (account.revision > 0 && isDeepStrictEqual(account.caps, caps)) return account;
    const revision = account.revision + 1;
    await this.spend.setCaps(tx, purse, caps, revision);
    return { caps, revision };
  }
}
