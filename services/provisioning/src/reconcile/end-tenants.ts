import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { SipUserRepository } from '../sip-users/sip-users.repository.js';
import { DeleteTenant } from '../tenants/delete-tenant.js';
import { SubaccountRepository } from '../subaccounts/subaccounts.repository.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { chunksOf, severalAtOnce } from './at-once.js';

/** Tenants that are forgotten in one transaction. */
const TOGETHER = 250;

/** Forgets tenants of which nothing is left at Twilio but what is held; one that no environment declares any more is deleted. */
@Injectable()
export class EndTenants {
  constructor(
    private readonly db: Database,
    private readonly declarations: DeclarationRepository,
    private readonly users: SipUserRepository,
    private readonly subaccounts: SubaccountRepository,
    private readonly tenants: TenantRepository,
    private readonly deleteTenant: DeleteTenant,
  ) {}

  async run(environment: string, codes: readonly string[]): Promise<void> {
    for (const some of chunksOf(codes, TOGETHER)) {
      const last = await this.db.transaction(async (tx) => {
        const declared = await this.declarations.lock(tx, environment, some);
        // Declared anew meanwhile, or ended by a process that died after it.
        const ended = some.filter((code) => declared.get(code)?.state !== 'declared');
        await this.users.remove(tx, ...(await this.users.list(environment, ended, tx)));
        await this.subaccounts.removeUnasked(tx, environment, ended);
        await this.declarations.remove(tx, environment, ended);
        const elsewhere = await this.declarations.anywhere(tx, ended);
        return ended.filter((code) => !elsewhere.has(code));
      });
      await severalAtOnce(last, async (code) => {
        if ((await this.tenants.find(code)) !== undefined) await this.deleteTenant.run(code);
      });
    }
  }
}
