import { EdgeConnectedV1, EdgeLostV1, EndpointRegisteredV1, EndpointUnregisteredV1, PLATFORM_TENANT, TrunkStateChangedV1, type DataOf } from '@troncal/contracts';
import type { Outbox, Tx } from '@troncal/persistence';

/** The only builder of the events of edges, and of who is reachable through them. */
export class EdgesPublisher {
  constructor(private readonly outbox: Outbox) {}

  async connected(tx: Tx, data: DataOf<typeof EdgeConnectedV1>): Promise<void> {
    await this.outbox.emit(tx, EdgeConnectedV1, { tenant: PLATFORM_TENANT, subject: data.edgeId, data });
  }

  async lost(tx: Tx, data: DataOf<typeof EdgeLostV1>): Promise<void> {
    await this.outbox.emit(tx, EdgeLostV1, { tenant: PLATFORM_TENANT, subject: data.edgeId, data });
  }

  async registered(tx: Tx, tenant: string, data: DataOf<typeof EndpointRegisteredV1>): Promise<void> {
    await this.outbox.emit(tx, EndpointRegisteredV1, { tenant, subject: data.sipUser, data });
  }

  async unregistered(tx: Tx, tenant: string, data: DataOf<typeof EndpointUnregisteredV1>): Promise<void> {
    await this.outbox.emit(tx, EndpointUnregisteredV1, { tenant, subject: data.sipUser, data });
  }

  async trunkChanged(tx: Tx, tenant: string, data: DataOf<typeof TrunkStateChangedV1>): Promise<void> {
    await this.outbox.emit(tx, TrunkStateChangedV1, { tenant, subject: data.trunk, data });
  }
}
