import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '@troncal/persistence';
import type { DeclaredTenant } from '../declarations/declared-tenant.js';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import type { SipUser } from '../sip-users/sip-user.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import type { Subaccount } from '../subaccounts/subaccount.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import type { TwilioNumber } from '../twilio-numbers/twilio-number.js';
import { TwilioNumberRepository } from '../twilio-numbers/twilio-numbers.repository.js';

/** A tenant of an environment with all that it has at Twilio. */
export interface TenantFacts extends DeclaredTenant {
  readonly users: readonly SipUser[];
  readonly numbers: readonly TwilioNumber[];
  /** The account that all of that is in; null: the platform's. */
  readonly subaccount: Subaccount | null;
}

/** What is known of some tenants of an environment. */
export interface EnvironmentFacts {
  readonly tenants: readonly TenantFacts[];
  /** All users of the lists that these tenants are in, whoever's they are. */
  readonly listed: readonly SipUser[];
  /** Accounts that these tenants have, or had before they were deleted. */
  readonly subaccounts: readonly Subaccount[];
  /** Of those whose tenants are suspended, the codes. */
  readonly suspended: ReadonlySet<string>;
  /** That tenants without a subaccount may call, of all environments: dialing permissions are the account's, and the platform's has them all. */
  readonly countries: readonly string[];
}

/** Reads tenants with what they have. */
@Injectable()
export class ReadTenantFacts {
  constructor(
    private readonly db: Database,
    private readonly declarations: DeclarationRepository,
    private readonly users: SipUserRepository,
    private readonly numbers: TwilioNumberRepository,
    private readonly accounts: SubaccountRepository,
    private readonly tenants: TenantRepository,
  ) {}

  /** @param tenants all of the environment when absent */
  async run(environment: string, tenants?: readonly string[], from: Queryable = this.db): Promise<EnvironmentFacts> {
    const declared = await this.declarations.list(environment, tenants, from);
    const codes = declared.map(({ tenant }) => tenant);
    const users = Map.groupBy(await this.users.list(environment, codes, from), ({ tenant }) => tenant);
    const numbers = Map.groupBy(await this.numbers.list(environment, codes, from), ({ tenant }) => tenant);
    const subaccounts = await this.accounts.list(environment, tenants, from);
    const own = new Map(subaccounts.map((subaccount) => [subaccount.tenant, subaccount]));
    const lists = [...new Set([...users.values()].flat().map(({ list }) => list))];
    return {
      tenants: declared.map((tenant) => ({ ...tenant, users: users.get(tenant.tenant) ?? [], numbers: numbers.get(tenant.tenant) ?? [], subaccount: own.get(tenant.tenant) ?? null })),
      subaccounts,
      suspended: subaccounts.length === 0 ? new Set() : await this.tenants.suspended(),
      listed: await this.users.inLists(environment, lists, from),
      countries: await this.declarations.countries(from),
    };
  }
}
