import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@troncal/persistence';
import { TenantRepository } from '../tenants/tenants.repository.js';
import type { AssignedNumber } from './number.js';
import { unknownNumber } from './numbers.errors.js';
import { NumberPublisher } from './numbers.publisher.js';
import { NumberRepository } from './numbers.repository.js';

/** Takes numbers from a tenant; another may have them then. */
@Injectable()
export class ReleaseNumber {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly numbers: NumberRepository,
    private readonly publisher: NumberPublisher,
  ) {}

  /** @throws PermanentError `unknown_tenant`, `unknown_number` */
  async one(tenant: string, number: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.tenants.lock(tx, tenant);
      const current = await this.numbers.lock(tx, number);
      if (current?.tenant !== tenant) throw unknownNumber(tenant, number);
      await this.end(tx, current);
    });
  }

  /** Every one of a tenant, which the transaction has locked. */
  async all(tx: Tx, tenant: string): Promise<void> {
    for (const number of await this.numbers.listIn(tx, tenant)) await this.end(tx, number);
  }

  private async end(tx: Tx, number: AssignedNumber): Promise<void> {
    const ended = { ...number, revision: number.revision + 1 };
    await this.numbers.remove(tx, ended);
    await this.publisher.released(tx, ended);
  }
}
