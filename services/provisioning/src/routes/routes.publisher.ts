import { Injectable } from '@nestjs/common';
import { RouteDeletedV1, RouteUpdatedV1 } from '@troncal/contracts';
import { Outbox, type Tx } from '@troncal/persistence';
import type { StoredRoute } from './route.js';

/** States what becomes true of a route, in the transaction that makes it so. */
@Injectable()
export class RoutePublisher {
  constructor(private readonly outbox: Outbox) {}

  async updated(tx: Tx, { tenant, code, route, revision }: StoredRoute): Promise<void> {
    await this.outbox.emit(tx, RouteUpdatedV1, { tenant, subject: code, data: { code, revision, route } });
  }

  /** @param route with the revision that tells of its end */
  async deleted(tx: Tx, { tenant, code, revision }: StoredRoute): Promise<void> {
    await this.outbox.emit(tx, RouteDeletedV1, { tenant, subject: code, data: { code, revision } });
  }
}
