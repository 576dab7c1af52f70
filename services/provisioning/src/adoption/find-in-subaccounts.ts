import { Injectable } from '@nestjs/common';
import { codeOfAccount, type Environment } from '../environments/environment.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import type { OpenedAccount } from '../twilio/account/twilio-subaccounts.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import { readFound, type AdoptionDefaults, type FoundTenant, type FoundTenants } from './read-found.js';

/** Reads tenants out of subaccounts that were made by hand: those that are called as the environment's would be, each with the one tenant of that code and one SIP domain. */
@Injectable()
export class FindInSubaccounts {
  constructor(
    private readonly accounts: TwilioAccounts,
    private readonly subaccounts: SubaccountRepository,
  ) {}

  /** @param known tenants that are declared already */
  async run(environment: Environment, defaults: AdoptionDefaults, known: ReadonlySet<string>): Promise<FoundTenants> {
    const ours = new Set((await this.subaccounts.all()).map(({ name }) => name));
    const [tenants, leftOut]: [FoundTenant[], { what: string; why: string }[]] = [[], []];
    for (const account of await this.accounts.subaccounts.all()) {
      const code = codeOfAccount(environment, account.name);
      if (code === undefined || known.has(code) || ours.has(account.name)) continue;
      const found = await this.tenantIn(environment, account, code, defaults);
      if ('why' in found) leftOut.push({ what: `subaccount ${account.name}`, why: found.why });
      else tenants.push(found);
    }
    return { tenants, leftOut };
  }

  private async tenantIn(environment: Environment, opened: OpenedAccount, code: string, defaults: AdoptionDefaults): Promise<FoundTenant | { readonly why: string }> {
    const { account } = this.accounts.subaccount(opened);
    const names = await account.domainNames();
    const [name] = names;
    if (name === undefined || names.length > 1) return { why: names.length === 0 ? 'it has no SIP domain' : `it has several SIP domains: ${names.join(', ')}` };
    const observed = await account.read(name);
    const { domain } = observed;
    if (domain === undefined || domain.secure !== environment.secure) return { why: `its SIP domain ${environment.secure ? 'takes calls without TLS, and the environment does not' : 'demands TLS, and the environment does not'}` };
    const { tenants, leftOut } = readFound(environment, observed, defaults, new Set());
    const [tenant, other] = tenants;
    if (tenant?.declaration.tenant !== code || other !== undefined) return { why: `it has no credential list of ${code} alone${leftOut.length === 0 ? '' : `: ${leftOut.map(({ what, why }) => `${what}: ${why}`).join('; ')}`}` };
    return { ...tenant, declaration: { ...tenant.declaration, placement: 'subaccount', domain: domain.name }, within: { ...opened, domain } };
  }
}
