import { Module } from '@nestjs/common';
import { AmiClient, AriClient } from '@troncal/ari';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import { Database, Outbox } from '@troncal/persistence';
import { AcceptCaller } from '../calls/accept-caller.js';
import { CallRegistry } from '../calls/call-registry.js';
import { CALL_REPOSITORY, type CallRepository } from '../calls/call.repository.js';
import { CallsModule } from '../calls/calls.module.js';
import { CallBridges } from '../calls/drive/call-bridges.js';
import { LateWrites } from '../calls/late-writes.js';
import type { GatewayConfig } from '../config.js';
import { ReconcileEdge } from '../reconcile/reconcile-edge.js';
import { QueueWatch } from '../queues/queue-watch.js';
import { RecordingSettler } from '../recordings/recording-settler.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { AsteriskModule } from './asterisk.module.js';
import { ContactListener } from './contact.listener.js';
import { EdgeLink } from './edge-link.js';
import { EDGE_REPOSITORY, type EdgeRepository } from './edge.repository.js';
import { PgEdgeRepository } from './edge.repository.pg.js';
import { EdgesPublisher } from './edges.publisher.js';

/** The edge: its connection, its reconciliation, and who is registered at it. */
@Module({
  imports: [AsteriskModule, CallsModule, TenantDirectoryModule],
  providers: [
    { provide: EdgesPublisher, inject: [Outbox], useFactory: (outbox: Outbox) => new EdgesPublisher(outbox) },
    { provide: EDGE_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgEdgeRepository(db) },
    {
      provide: ReconcileEdge,
      inject: [CallRegistry, AriClient, CALL_REPOSITORY, CallBridges, AcceptCaller, RecordingSettler, QueueWatch, CONFIG, LOGGER],
      useFactory: (
        registry: CallRegistry, ari: AriClient, calls: CallRepository, bridges: CallBridges, accept: AcceptCaller, recordings: RecordingSettler, queues: QueueWatch, config: GatewayConfig,
        logger: Logger,
      ) => new ReconcileEdge(registry, { ari, calls, bridges, accept, recordings, queues, edgeId: config.EDGE_ID }, logger),
    },
    {
      provide: EdgeLink,
      inject: [AriClient, AmiClient, ReconcileEdge, CallRegistry, Database, EDGE_REPOSITORY, EdgesPublisher, LateWrites, CONFIG, LOGGER],
      useFactory: (
        ari: AriClient, ami: AmiClient, reconcile: ReconcileEdge, registry: CallRegistry, db: Database, edges: EdgeRepository, events: EdgesPublisher, late: LateWrites,
        config: GatewayConfig, logger: Logger,
      ) => new EdgeLink({ ari, ami, reconcile, registry, db, edges, events, late, edgeId: config.EDGE_ID, leftOut: config.LEFT_OUT.includes('asterisk') }, logger),
    },
    {
      provide: ContactListener,
      inject: [AmiClient, AriClient, Database, EDGE_REPOSITORY, EdgesPublisher, TenantDirectory, LateWrites, CONFIG, LOGGER],
      useFactory: (ami: AmiClient, ari: AriClient, db: Database, edges: EdgeRepository, events: EdgesPublisher, directory: TenantDirectory, late: LateWrites, config: GatewayConfig, logger: Logger) =>
        new ContactListener(ami, { ari, db, edges, events, directory, late, edgeId: config.EDGE_ID }, logger),
    },
  ],
  exports: [EDGE_REPOSITORY, EdgeLink, ContactListener],
})
export class EdgesModule {}
