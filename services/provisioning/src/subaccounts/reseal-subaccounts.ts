import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { ResealOnStart } from '../credentials/reseal-on-start.js';
import type { Subaccount } from './subaccount.js';
import { SubaccountRepository } from './subaccounts.repository.js';
import { TenantAccounts } from './tenant-accounts.js';

/** Puts the tokens of subaccounts under the active key. */
@Injectable()
export class ResealSubaccounts extends ResealOnStart<Subaccount> {
  constructor(
    private readonly subaccounts: SubaccountRepository,
    private readonly accounts: TenantAccounts,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super('tokens of subaccounts', schema, logger);
  }

  protected async sealedOtherwise(): Promise<Subaccount[]> {
    return (await this.subaccounts.all()).filter(({ opened }) => opened !== null && opened.token.keyId !== this.accounts.activeKeyId);
  }

  protected async reseal(subaccount: Subaccount): Promise<void> {
    const { opened } = subaccount;
    if (opened !== null) await this.subaccounts.reseal(subaccount, opened.token, this.accounts.seal(subaccount, this.accounts.tokenOf(subaccount)));
  }

  protected ownerOf({ environment, tenant }: Subaccount): string {
    return `${environment}/${tenant}`;
  }
}
