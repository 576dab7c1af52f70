import { Injectable } from '@nestjs/common';
import type { Tx } from '@troncal/persistence';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import type { Environment } from '../environments/environment.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import { TenantAccounts } from '../subaccounts/tenant-accounts.js';
import type { FoundSettings } from '../twilio/account/desired-account.js';
import type { ObservedSettings } from '../twilio/account/observed-account.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';
import type { FoundTenant } from './read-found.js';

/** Writes a tenant down as it was found: its phones with passwords that only they know, its numbers as they are answered, and the subaccount that all of it is in. */
@Injectable()
export class AdoptTenant {
  constructor(
    private readonly declarations: DeclarationRepository,
    private readonly users: SipUserRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly subaccounts: SubaccountRepository,
    private readonly accounts: TenantAccounts,
  ) {}

  async run(tx: Tx, { name: environment }: Pick<Environment, 'name'>, { declaration, list, numbers, within }: FoundTenant): Promise<void> {
    const { tenant } = declaration;
    await this.declarations.save(tx, { environment, tenant, state: 'declared', asFound: true, declaration, revision: 1 });
    if (within !== undefined) {
      const { name, sid, authToken, status, domain } = within;
      const token = this.accounts.seal({ environment, tenant }, authToken);
      await this.subaccounts.add(tx, { environment, tenant, name, domain: domain.name, asked: true, opened: { sid, token, status: status === 'suspended' ? status : 'active' }, found: settingsOf(domain) });
    }
    for (const { extension, username } of declaration.endpoints) {
      if (username === undefined) continue;
      await this.users.save(tx, { environment, tenant, extension, username, list, state: 'provisioned', credentialRevision: 1, password: null, next: null, last: null });
    }
    for (const number of numbers) {
      await this.numbers.save(tx, { environment, tenant, wish: number.e164, e164: number.e164, state: 'provisioned', why: null, who: null, releasableAt: null, found: settingsOf(number) });
    }
  }
}

/** How something was found, to go back to. */
export const settingsOf = ({ friendlyName, voiceUrl, voiceFallbackUrl, statusCallback }: ObservedSettings): FoundSettings => ({ friendlyName: friendlyName ?? '', voiceUrl, voiceFallbackUrl, statusCallback });
