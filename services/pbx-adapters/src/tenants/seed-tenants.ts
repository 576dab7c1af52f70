import { Injectable } from '@nestjs/common';
import { SnapshotV1 } from '@troncal/contracts';
import { CommandClient } from '@troncal/messaging';
import { Database } from '@troncal/persistence';
import { TenantProjection } from './tenants.repository.js';

/** Asks provisioning for every tenant there is: the stream of events keeps a month, a tenant may be older. */
@Injectable()
export class SeedTenants {
  constructor(
    private readonly commands: CommandClient,
    private readonly db: Database,
    private readonly tenants: TenantProjection,
  ) {}

  /** @returns how many were told of @throws TransientError while provisioning or the bus is away */
  async run(): Promise<number> {
    let seen = 0;
    let after: string | undefined;
    do {
      const page = await this.commands.ask(SnapshotV1, { ...(after !== undefined && { after }) });
      for (const { tenant, name, country, language, timeZone, revision } of page.tenants) {
        await this.tenants.keep(this.db, { tenant, name, country, language, timeZone, revision });
      }
      seen += page.tenants.length;
      after = page.next;
    } while (after !== undefined);
    return seen;
  }
}
