import { Module } from '@nestjs/common';
import { AriClient } from '@troncal/ari';
import { CLOCK, CONFIG, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { CallDesk } from './calls/call-desk.js';
import { CallRefusals } from './calls/call-refusals.js';
import { CallRegistry } from './calls/call-registry.js';
import { CallsController } from './calls/calls.controller.js';
import { CallsModule } from './calls/calls.module.js';
import { CallBridges } from './calls/drive/call-bridges.js';
import type { GatewayConfig } from './config.js';
import { AsteriskModule } from './edges/asterisk.module.js';
import { EdgeLink } from './edges/edge-link.js';
import { EdgesController } from './edges/edges.controller.js';
import { EdgesModule } from './edges/edges.module.js';
import { GatewayLifecycle } from './gateway-lifecycle.js';
import { CallsResponder } from './handoff/calls.responder.js';
import { DialDecisions } from './originate/dial-decisions.js';
import { PlaceCall } from './originate/place-call.js';
import { RecordingsController } from './recordings/recordings.controller.js';
import { StartRecording } from './recordings/start-recording.js';
import { SpeechFiles } from './speech/speech-files.js';
import { SpeechModule } from './speech/speech.module.js';
import { TenantDirectory } from './tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from './tenant-directory/tenant-directory.module.js';
import { TRUNK_REPOSITORY } from './trunks/trunk.repository.js';
import { PgTrunkRepository } from './trunks/trunk.repository.pg.js';
import { TrunksController } from './trunks/trunks.controller.js';

/** The composition root. */
@Module({
  imports: [AsteriskModule, CallsModule, EdgesModule, SpeechModule, TenantDirectoryModule],
  controllers: [CallsController, RecordingsController, EdgesController, TrunksController, CallsResponder],
  providers: [
    { provide: TRUNK_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgTrunkRepository(db) },
    {
      provide: PlaceCall,
      inject: [CallRegistry, TenantDirectory, EdgeLink, DialDecisions, CallRefusals, CLOCK, CONFIG],
      useFactory: (registry: CallRegistry, directory: TenantDirectory, edge: EdgeLink, decisions: DialDecisions, refusals: CallRefusals, clock: Clock, config: GatewayConfig) =>
        new PlaceCall(registry, directory, edge, { decisions, refusals, clock, edgeId: config.EDGE_ID }),
    },
    {
      provide: StartRecording,
      inject: [CallDesk, AriClient, CallBridges, SpeechFiles, LOGGER],
      useFactory: (desk: CallDesk, ari: AriClient, bridges: CallBridges, speech: SpeechFiles, logger: Logger) => new StartRecording(desk, ari, bridges, speech, logger),
    },
    GatewayLifecycle,
  ],
})
export class AppModule {}
