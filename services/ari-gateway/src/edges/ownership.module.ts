import { Module } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import { EDGE_LEASES } from '@troncal/contracts';
import { Bus, CommandDesk, LeaseBoard } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import type { GatewayConfig } from '../config.js';
import { ReplicaSignals } from '../replicas/replica-signals.js';
import { EdgeOwners } from './edge-owners.js';
import { EdgeSessions } from './edge-sessions.js';
import { REPLICA, replicaOf, type Replica } from './replica.js';

/** Who holds which edge: the sessions here, and the leases of everybody. */
@Module({
  providers: [
    { provide: REPLICA, inject: [CONFIG, CommandDesk], useFactory: (config: GatewayConfig, desk: CommandDesk) => replicaOf(config, desk.replica) },
    { provide: LeaseBoard, inject: [Bus, CONFIG, LOGGER], useFactory: (bus: Bus, config: GatewayConfig, logger: Logger) => new LeaseBoard(bus, EDGE_LEASES, config.NATS_STREAM_REPLICAS, logger) },
    {
      provide: EdgeSessions,
      inject: [CONFIG, LOGGER],
      useFactory: (config: GatewayConfig, logger: Logger) => new EdgeSessions(logger, config.LEFT_OUT.includes('asterisk') ? config.EDGE_ID : undefined),
    },
    { provide: ReplicaSignals, inject: [Database, REPLICA, LOGGER], useFactory: (db: Database, { process }: Replica, logger: Logger) => new ReplicaSignals(db, process, logger) },
    { provide: EdgeOwners, inject: [LeaseBoard, REPLICA, LOGGER], useFactory: (board: LeaseBoard, replica: Replica, logger: Logger) => new EdgeOwners(board, replica, logger) },
  ],
  exports: [ReplicaSignals, REPLICA, LeaseBoard, EdgeSessions, EdgeOwners],
})
export class OwnershipModule {}
