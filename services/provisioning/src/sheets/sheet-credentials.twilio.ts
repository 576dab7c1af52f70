import { Injectable } from '@nestjs/common';
import { twilioTerms } from '@troncal/device-sheets';
import { EnvironmentRepository } from '../environments/environments.repository.js';
import { ReadTenantFacts } from '../reconcile/tenant-facts.js';
import { SipUserVault } from '../sip-users/sip-user-vault.js';
import { SheetCredentials, type PhoneFacts } from './sheet-credentials.js';

/** The phones of an environment at Twilio, with the password that is on its way where one is staged: the phone has to have it first. */
@Injectable()
export class TwilioSheetCredentials extends SheetCredentials {
  constructor(
    private readonly environments: EnvironmentRepository,
    private readonly facts: ReadTenantFacts,
    private readonly vault: SipUserVault,
  ) {
    super();
  }

  /** @throws PermanentError `password_unknown` for a phone that was taken over with a password of its own */
  async load(name: string, tenant: string): Promise<readonly PhoneFacts[] | undefined> {
    const environment = await this.environments.find(name);
    const { tenants: [found] } = environment === undefined ? { tenants: [] } : await this.facts.run(name, [tenant]);
    if (environment === undefined || found === undefined) return undefined;
    const { declaration, users, subaccount } = found;
    return users.map((user) => {
      const endpoint = declaration.endpoints.find(({ extension }) => extension === user.extension);
      const role = endpoint?.role ?? 'phone';
      return {
        ...twilioTerms(environment.secure ? { transport: 'tls', srtp: 'required' } : {}),
        tenant, role, extension: user.extension, displayName: endpoint?.displayName ?? role, username: user.username, domain: subaccount?.domain ?? environment.domain, proxy: null, port: null,
        password: user.next === null ? this.vault.passwordOf(user) : this.vault.open(user, user.next),
        timeZone: declaration.timeZone, language: declaration.language, mac: endpoint?.device?.mac,
      };
    });
  }
}
