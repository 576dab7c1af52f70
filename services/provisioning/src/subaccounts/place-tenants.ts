import { Injectable } from '@nestjs/common';
import type { TenantDeclaration } from '@troncal/contracts';
import type { Fault } from '@troncal/kernel';
import type { Tx } from '@troncal/persistence';
import type { Environment } from '../environments/environment.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import { namesOf, type Subaccount } from './subaccount.js';
import { placementFault } from './subaccounts.errors.js';
import { SubaccountRepository } from './subaccounts.repository.js';

/**
 * Writes down which tenants have a subaccount. A tenant with phones is never moved to one or out of one: they register at the account's SIP domain, and would all lose it; its
 * numbers are, by declaring them elsewhere. Nothing is asked of Twilio.
 */
@Injectable()
export class PlaceTenants {
  constructor(
    private readonly subaccounts: SubaccountRepository,
    private readonly users: SipUserRepository,
  ) {}

  /** @returns why some can't be where they are declared; then nothing of it may be stored */
  async run(tx: Tx, environment: Environment, wanted: readonly TenantDeclaration[]): Promise<Fault[]> {
    const codes = wanted.map(({ tenant }) => tenant);
    const there = new Map((await this.subaccounts.list(environment.name, codes, tx)).map((each) => [each.tenant, each]));
    const owns = (declaration: TenantDeclaration): boolean => (declaration.placement ?? environment.placement) === 'subaccount';
    if (there.size === 0 && !wanted.some(owns)) return [];
    const withPhones = new Set((await this.users.list(environment.name, codes, tx)).map(({ tenant }) => tenant));
    const [faults, fresh]: [Fault[], { readonly subaccount: Subaccount; readonly where: string }[]] = [[], []];
    for (const [index, declaration] of wanted.entries()) {
      const { tenant } = declaration;
      const [subaccount, where] = [there.get(tenant), `/declarations/${index}/placement`];
      if (owns(declaration) && subaccount === undefined) {
        const { name, domain, faults: told } = namesOf(environment, declaration);
        faults.push(...(withPhones.has(tenant) ? [placementFault(environment.domain)] : told).map((message) => ({ where, message })));
        fresh.push({ subaccount: { environment: environment.name, tenant, name, domain, asked: false, opened: null, found: null }, where });
      } else if (!owns(declaration) && subaccount !== undefined) {
        if (subaccount.asked || withPhones.has(tenant)) faults.push({ where, message: placementFault(subaccount.domain) });
        else await this.subaccounts.remove(tx, subaccount);
      } else if (subaccount !== undefined && declaration.domain !== undefined && declaration.domain !== subaccount.domain) {
        faults.push({ where: `/declarations/${index}/domain`, message: `its phones register at ${subaccount.domain} and would all lose it: leave that` });
      }
    }
    const taken = new Set(await this.subaccounts.domainsInUse(tx, fresh.map(({ subaccount: { domain } }) => domain)));
    for (const { subaccount: { domain }, where } of fresh) {
      if (taken.has(domain)) faults.push({ where, message: `its SIP domain ${domain} is somebody else’s here: give it a domain of another name` });
      taken.add(domain);
    }
    if (faults.length === 0) await this.subaccounts.add(tx, ...fresh.map(({ subaccount }) => subaccount));
    return faults;
  }
}
