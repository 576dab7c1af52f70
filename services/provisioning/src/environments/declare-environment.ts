import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { PutEnvironment } from '@troncal/contracts';
import { Database, type Tx } from '@troncal/persistence';
import { DeclarationRepository } from '../declarations/declarations.repository.js';
import { placementIsFixed } from '../subaccounts/subaccounts.errors.js';
import { KeepEdgeTrunk } from '../edge-trunks/keep-edge-trunk.js';
import { noneOf, type Environment } from './environment.js';
import { ASTERISK_ENVIRONMENT } from '../sheets/sheet-credentials.js';
import { domainIsFixed, edgeNeedsPrimary, nameReserved } from './environments.errors.js';
import { EnvironmentRepository } from './environments.repository.js';

/** Makes an environment be as declared; the first one is the primary one. @throws PermanentError `domain_is_fixed`, `domain_in_use`, `name_reserved`, `placement_is_fixed`, `edge_needs_primary` */
@Injectable()
export class DeclareEnvironment {
  constructor(
    private readonly db: Database,
    private readonly environments: EnvironmentRepository,
    private readonly declarations: DeclarationRepository,
    private readonly edgeTrunk: KeepEdgeTrunk,
  ) {}

  async run(name: string, wanted: PutEnvironment): Promise<{ readonly environment: Environment; readonly created: boolean }> {
    if (name === ASTERISK_ENVIRONMENT) throw nameReserved(name);
    return this.db.transaction(async (tx) => {
      const current = await this.environments.lock(tx, name);
      if (current !== undefined && current.domain !== wanted.domain) throw domainIsFixed(name, current.domain, wanted.domain);
      await this.checkPlacement(tx, name, current, wanted);
      const environment: Environment = {
        // What is left out and was declared before is none now: what there is of it at Twilio has to go.
        ...(current === undefined ? {} : noneOf(current)),
        ...wanted,
        name,
        primary: current?.primary ?? (await this.environments.isFirst(tx)),
        asFound: current?.asFound ?? false,
        found: current?.found ?? null,
        revision: (current?.revision ?? 0) + 1,
      };
      if (wanted.edge !== undefined && !environment.primary) throw edgeNeedsPrimary(name);
      await this.edgeTrunk.within(tx, name, wanted.edge !== undefined);
      if (current !== undefined && isDeepStrictEqual({ ...environment, revision: current.revision }, current)) return { environment: current, created: false };
      await this.environments.save(tx, environment);
      return { environment, created: current === undefined };
    });
  }

  /** Tenants that say nothing of their placement would be moved to or from subaccounts. */
  private async checkPlacement(tx: Tx, name: string, current: Environment | undefined, wanted: PutEnvironment): Promise<void> {
    if (current === undefined || (current.placement === 'subaccount') === (wanted.placement === 'subaccount')) return;
    const unplaced = await this.declarations.unplaced(tx, name);
    if (unplaced > 0) throw placementIsFixed(name, unplaced);
  }
}
