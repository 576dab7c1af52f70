import { Injectable } from '@nestjs/common';
import { Database } from '@troncal/persistence';
import { RouteRepository } from '../routes/routes.repository.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import type { AssignedNumber } from './number.js';
import { noSuchRoute, numberTaken } from './numbers.errors.js';
import { NumberPublisher } from './numbers.publisher.js';
import { NumberRepository } from './numbers.repository.js';

/** What is asked for, and whether the asker may learn which other tenant has the number. */
export interface NumberWish {
  readonly tenant: string;
  readonly number: string;
  readonly route: string;
  readonly mayKnowOwner: boolean;
}

/** Gives a tenant a number, or leads its number to another route. @throws PermanentError `unknown_tenant`, `unknown_route`, `number_taken` */
@Injectable()
export class AssignNumber {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantRepository,
    private readonly routes: RouteRepository,
    private readonly numbers: NumberRepository,
    private readonly publisher: NumberPublisher,
  ) {}

  async run({ tenant, number, route, mayKnowOwner }: NumberWish): Promise<{ readonly number: AssignedNumber; readonly created: boolean }> {
    return this.db.transaction(async (tx) => {
      await this.tenants.lock(tx, tenant);
      if (!(await this.routes.findIn(tx, tenant, route))) throw noSuchRoute(tenant, route);
      const current = await this.numbers.lock(tx, number);
      if (current && current.tenant !== tenant) throw numberTaken(number, mayKnowOwner ? current.tenant : undefined);
      if (current?.route === route) return { number: current, created: false };
      const revision = (current?.revision ?? (await this.numbers.pastRevision(tx, number))) + 1;
      const next = { number, tenant, route, revision };
      if (current) await this.numbers.update(tx, next);
      else if (!(await this.numbers.insert(tx, next))) throw numberTaken(number, undefined);
      await this.publisher.assigned(tx, next);
      return { number: next, created: current === undefined };
    });
  }
}
