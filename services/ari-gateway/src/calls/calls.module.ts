import { join } from 'node:path';
import { Inject, Module } from '@nestjs/common';
import { CLOCK, CONFIG, LOGGER } from '@troncal/chassis';
import { newId, newLegId, type Clock } from '@troncal/kernel';
import { Telemetry, type Logger } from '@troncal/observability';
import { Database, Inbox, Journal, Outbox } from '@troncal/persistence';
import type { GatewayConfig } from '../config.js';
import { EdgeOwners } from '../edges/edge-owners.js';
import { EdgeSessions } from '../edges/edge-sessions.js';
import { OwnershipModule } from '../edges/ownership.module.js';
import { CallStore } from '../journal/call-store.js';
import { DialDecisions } from '../originate/dial-decisions.js';
import { RecordingFiles } from '../recordings/recording-files.js';
import { RECORDING_REPOSITORY } from '../recordings/recording.repository.js';
import { PgRecordingRepository } from '../recordings/recording.repository.pg.js';
import { OnRailCall } from '../rail-calls/on-rail-call.consumer.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { AddComplaint } from './add-complaint.js';
import { CallDesk } from './call-desk.js';
import { CallEventsPublisher } from './call-events.publisher.js';
import { CallQualities } from './call-qualities.js';
import { CallRefusals } from './call-refusals.js';
import { CallRegistry } from './call-registry.js';
import { CALL_REPOSITORY, type CallRepository } from './call.repository.js';
import { PgCallRepository } from './call.repository.pg.js';
import { CallSensors } from '../sensors/call-sensors.js';
import { observeGateway } from '../sensors/observe-gateway.js';
import { endpointTarget } from './dial-facts.js';
import { LateWrites } from './late-writes.js';
import { OnVoice } from './on-voice.consumer.js';

/** Calls: their store and their actors, whose effects are done by the session of their edge. */
@Module({
  imports: [OwnershipModule, TenantDirectoryModule],
  providers: [
    { provide: CallEventsPublisher, inject: [Outbox], useFactory: (outbox: Outbox) => new CallEventsPublisher(outbox) },
    { provide: CALL_REPOSITORY, inject: [Database, CallEventsPublisher], useFactory: (db: Database, events: CallEventsPublisher) => new PgCallRepository(db, events) },
    { provide: RECORDING_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgRecordingRepository(db) },
    { provide: RecordingFiles, inject: [CONFIG], useFactory: (config: GatewayConfig) => new RecordingFiles(config.RECORDINGS_DIR) },
    { provide: LateWrites, inject: [Database, Inbox, LOGGER], useFactory: (db: Database, inbox: Inbox, logger: Logger) => new LateWrites(db, inbox, logger) },
    { provide: CallSensors, inject: [Telemetry], useFactory: (telemetry: Telemetry) => new CallSensors(telemetry) },
    { provide: Journal, inject: [CONFIG, LOGGER], useFactory: (config: GatewayConfig, logger: Logger) => new Journal(join(config.JOURNAL_DIR, 'calls.journal'), logger) },
    {
      provide: CallStore,
      inject: [CALL_REPOSITORY, Journal, EdgeSessions, LOGGER],
      useFactory: (calls: CallRepository, journal: Journal, sessions: EdgeSessions, logger: Logger) => new CallStore(calls, journal, logger, (edgeId, epoch) => sessions.overtaken(edgeId, epoch)),
    },
    {
      provide: CallRegistry,
      inject: [CallStore, TenantDirectory, EdgeSessions, CallSensors, CLOCK, LOGGER],
      useFactory: (store: CallStore, directory: TenantDirectory, sessions: EdgeSessions, sensors: CallSensors, clock: Clock, logger: Logger) => {
        const context = { newLegId, newId, dialTarget: (tenant: string, extension: string) => endpointTarget(directory, tenant, extension), home: (tenant: string) => directory.tenant(tenant) ?? { country: '', timeZone: 'UTC' } };
        return new CallRegistry({ store, act: (call, effects) => sessions.act(call, effects), epochOf: (edgeId) => sessions.of(edgeId)?.epoch ?? 0, context: () => ({ now: clock.now(), ...context }), logger, sensors });
      },
    },
    {
      provide: DialDecisions,
      inject: [Database, LateWrites, Telemetry],
      useFactory: (db: Database, late: LateWrites, { metrics }: Telemetry) => new DialDecisions(db, late, metrics.counter('troncal_dial_decisions_total')),
    },
    {
      provide: CallRefusals,
      inject: [CallEventsPublisher, CALL_REPOSITORY, LateWrites, CallSensors],
      useFactory: (events: CallEventsPublisher, calls: CallRepository, late: LateWrites, sensors: CallSensors) => new CallRefusals(events, calls, late, sensors),
    },
    {
      provide: CallQualities,
      inject: [CallEventsPublisher, CALL_REPOSITORY, LateWrites],
      useFactory: (events: CallEventsPublisher, calls: CallRepository, late: LateWrites) => new CallQualities(events, calls, late),
    },
    {
      provide: CallDesk,
      inject: [CallRegistry, CALL_REPOSITORY, EdgeSessions, EdgeOwners],
      useFactory: (registry: CallRegistry, calls: CallRepository, sessions: EdgeSessions, owners: EdgeOwners) => new CallDesk(registry, calls, sessions, owners),
    },
    {
      provide: AddComplaint,
      inject: [Database, CALL_REPOSITORY, CallEventsPublisher, CLOCK],
      useFactory: (db: Database, calls: CallRepository, events: CallEventsPublisher, clock: Clock) => new AddComplaint(db, calls, events, clock),
    },
    OnVoice,
    OnRailCall,
  ],
  exports: [CALL_REPOSITORY, RECORDING_REPOSITORY, RecordingFiles, LateWrites, CallStore, CallRegistry, OwnershipModule, DialDecisions, CallRefusals, CallQualities, CallDesk, AddComplaint],
})
export class CallsModule {
  constructor(@Inject(Telemetry) { metrics }: Telemetry, @Inject(CallRegistry) registry: CallRegistry, @Inject(EdgeSessions) sessions: EdgeSessions, @Inject(Journal) journal: Journal, @Inject(LateWrites) late: LateWrites) {
    observeGateway(metrics, { registry, sessions, journal, late });
  }
}
