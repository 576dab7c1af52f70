import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { ResealOnStart } from '../credentials/reseal-on-start.js';
import type { GdmsAccount } from './gdms-account.js';
import { GdmsAccountVault } from './gdms-account-vault.js';
import { GdmsAccountRepository } from './gdms-accounts.repository.js';

/** Puts what lets us in at GDMS under the active key. */
@Injectable()
export class ResealGdmsAccounts extends ResealOnStart<GdmsAccount> {
  constructor(
    private readonly accounts: GdmsAccountRepository,
    private readonly vault: GdmsAccountVault,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('accounts at GDMS', schema, logger);
  }

  protected sealedOtherwise(): Promise<GdmsAccount[]> {
    return this.accounts.sealedOtherwise(this.vault.activeKeyId);
  }

  protected async reseal(account: GdmsAccount): Promise<void> {
    const { environment, secrets } = account;
    await this.accounts.reseal(account, this.vault.seal(environment, this.vault.open(environment, secrets)));
  }

  protected ownerOf({ environment }: GdmsAccount): string {
    return environment;
  }
}
