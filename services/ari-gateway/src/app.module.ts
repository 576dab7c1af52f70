import { Module } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { CallRefusals } from './calls/call-refusals.js';
import { CallRegistry } from './calls/call-registry.js';
import { CallControlController } from './calls/control/call-control.controller.js';
import { CallControlModule } from './calls/control/call-control.module.js';
import { CallControlResponder } from './calls/control/call-control.responder.js';
import { CallsController } from './calls/calls.controller.js';
import { CallsModule } from './calls/calls.module.js';
import { EdgeOwners } from './edges/edge-owners.js';
import { EDGE_REPOSITORY, type EdgeRepository } from './edges/edge.repository.js';
import { EdgeSessions } from './edges/edge-sessions.js';
import { EdgesController } from './edges/edges.controller.js';
import { EdgesModule } from './edges/edges.module.js';
import { GatewayLifecycle } from './gateway-lifecycle.js';
import { CallsResponder } from './handoff/calls.responder.js';
import { DialDecisions } from './originate/dial-decisions.js';
import { ChooseEdge } from './originate/choose-edge.js';
import { PlaceCall } from './originate/place-call.js';
import { RecordingsController } from './recordings/recordings.controller.js';
import { SpeechModule } from './speech/speech.module.js';
import { TenantDirectory } from './tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from './tenant-directory/tenant-directory.module.js';
import { EdgeTrunkKeeper } from './edge-trunks/edge-trunk-keeper.js';
import { PgEdgeTrunkRepository } from './edge-trunks/edge-trunk.repository.pg.js';
import { OnEdgeTrunksChanged } from './edge-trunks/on-edge-trunks-changed.consumer.js';
import { ReplicaSignals } from './replicas/replica-signals.js';
import { EdgeIdentifiers } from './trunks/edge-identifiers.js';
import { TRUNK_REPOSITORY } from './trunks/trunk.repository.js';
import { PgTrunkRepository } from './trunks/trunk.repository.pg.js';
import { TrunksController } from './trunks/trunks.controller.js';

/** The composition root. */
@Module({
  imports: [CallControlModule, CallsModule, EdgesModule, SpeechModule, TenantDirectoryModule],
  controllers: [CallControlController, CallControlResponder, CallsController, RecordingsController, EdgesController, TrunksController, CallsResponder],
  providers: [
    { provide: TRUNK_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgTrunkRepository(db) },
    { provide: EdgeIdentifiers, inject: [EdgeSessions, LOGGER], useFactory: (sessions: EdgeSessions, logger: Logger) => new EdgeIdentifiers(sessions, logger) },
    {
      provide: EdgeTrunkKeeper,
      inject: [Database, CommandClient, ReplicaSignals, EdgeIdentifiers, LOGGER],
      useFactory: (db: Database, commands: CommandClient, signals: ReplicaSignals, identifiers: EdgeIdentifiers, logger: Logger) => new EdgeTrunkKeeper(new PgEdgeTrunkRepository(db), { commands, signals, identifiers, logger }),
    },
    OnEdgeTrunksChanged,
    {
      provide: PlaceCall,
      inject: [CallRegistry, TenantDirectory, ChooseEdge, DialDecisions, CallRefusals, CLOCK],
      useFactory: (registry: CallRegistry, directory: TenantDirectory, chooseEdge: ChooseEdge, decisions: DialDecisions, refusals: CallRefusals, clock: Clock) =>
        new PlaceCall(registry, directory, chooseEdge, { decisions, refusals, clock }),
    },
    {
      provide: ChooseEdge,
      inject: [EdgeSessions, EdgeOwners, EDGE_REPOSITORY],
      useFactory: (sessions: EdgeSessions, owners: EdgeOwners, edges: EdgeRepository) => new ChooseEdge(sessions, owners, edges),
    },
    GatewayLifecycle,
  ],
})
export class AppModule {}
