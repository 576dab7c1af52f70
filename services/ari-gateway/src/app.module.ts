import { Module } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
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
import { TRUNK_REPOSITORY } from './trunks/trunk.repository.js';
import { PgTrunkRepository } from './trunks/trunk.repository.pg.js';
import { TrunksController } from './trunks/trunks.controller.js';

/** The composition root. */
@Module({
  imports: [CallControlModule, CallsModule, EdgesModule, SpeechModule, TenantDirectoryModule],
  controllers: [CallControlController, CallControlResponder, CallsController, RecordingsController, EdgesController, TrunksController, CallsResponder],
  providers: [
    { provide: TRUNK_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgTrunkRepository(db) },
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
