import { Module } from '@nestjs/common';
import { AmiClient, AriClient } from '@troncal/ari';
import { CLOCK, CONFIG, LOGGER } from '@troncal/chassis';
import { newId, newLegId, type Clock } from '@troncal/kernel';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { Database, Outbox } from '@troncal/persistence';
import type { GatewayConfig } from '../config.js';
import { AsteriskModule } from '../edges/asterisk.module.js';
import { edgeLeftOut } from '../edges/edge-away.js';
import { CallStore } from '../journal/call-store.js';
import { Journal } from '../journal/journal.js';
import { DialDecisions } from '../originate/dial-decisions.js';
import { QueueListener } from '../queues/queue.listener.js';
import { QueueWatch } from '../queues/queue-watch.js';
import { RecordingFiles } from '../recordings/recording-files.js';
import { RecordingSettler } from '../recordings/recording-settler.js';
import { RecordingTap } from '../recordings/recording-tap.js';
import { RECORDING_REPOSITORY, type RecordingRepository } from '../recordings/recording.repository.js';
import { PgRecordingRepository } from '../recordings/recording.repository.pg.js';
import { SpeechFiles } from '../speech/speech-files.js';
import { SpeechModule } from '../speech/speech.module.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { AcceptCaller } from './accept-caller.js';
import { CallDesk } from './call-desk.js';
import { CallEventsPublisher } from './call-events.publisher.js';
import { CallRefusals } from './call-refusals.js';
import { CallRegistry } from './call-registry.js';
import { CALL_REPOSITORY, type CallRepository } from './call.repository.js';
import { PgCallRepository } from './call.repository.pg.js';
import { endpointTarget } from './dial-facts.js';
import { AgentLink } from './drive/agent-link.js';
import { CallBridges } from './drive/call-bridges.js';
import { CallDriver } from './drive/call-driver.js';
import { CallTimers } from './drive/call-timers.js';
import { LegDialler } from './drive/leg-dialler.js';
import { PromptPlayer } from './drive/prompt-player.js';
import { LateWrites } from './late-writes.js';
import { OnVoice } from './on-voice.consumer.js';
import { StasisListener } from './stasis.listener.js';

/** Calls: their store, their actors, and the driver that speaks ARI for them. */
@Module({
  imports: [AsteriskModule, TenantDirectoryModule, SpeechModule],
  providers: [
    { provide: CallEventsPublisher, inject: [Outbox], useFactory: (outbox: Outbox) => new CallEventsPublisher(outbox) },
    { provide: CALL_REPOSITORY, inject: [Database, CallEventsPublisher], useFactory: (db: Database, events: CallEventsPublisher) => new PgCallRepository(db, events) },
    { provide: RECORDING_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgRecordingRepository(db) },
    { provide: RecordingFiles, inject: [CONFIG], useFactory: (config: GatewayConfig) => new RecordingFiles(config.RECORDINGS_DIR) },
    { provide: LateWrites, inject: [LOGGER], useFactory: (logger: Logger) => new LateWrites(logger) },
    {
      provide: CallStore,
      inject: [CALL_REPOSITORY, CONFIG, LOGGER],
      useFactory: (calls: CallRepository, config: GatewayConfig, logger: Logger) => new CallStore(calls, new Journal(config.JOURNAL_DIR, logger), logger),
    },
    {
      provide: CallRegistry,
      inject: [CallStore, TenantDirectory, CLOCK, LOGGER],
      useFactory: (store: CallStore, directory: TenantDirectory, clock: Clock, logger: Logger) =>
        new CallRegistry(store, () => ({ now: clock.now(), newLegId, newId, dialTarget: (tenant, extension) => endpointTarget(directory, tenant, extension) }), logger),
    },
    { provide: CallBridges, inject: [AriClient], useFactory: (ari: AriClient) => new CallBridges(ari) },
    {
      provide: QueueWatch,
      inject: [AriClient, CallRegistry, TenantDirectory, LOGGER],
      useFactory: (ari: AriClient, registry: CallRegistry, directory: TenantDirectory, logger: Logger) => new QueueWatch(ari, registry, directory, logger),
    },
    {
      provide: CallTimers,
      inject: [CallRegistry, QueueWatch],
      useFactory: (registry: CallRegistry, queues: QueueWatch) =>
        new CallTimers((callId, message) => (message.kind === 'queue_timeout' ? void queues.timedOut(callId, message.step) : registry.tell(callId, message))),
    },
    {
      provide: CallDriver,
      inject: [AriClient, CommandClient, SpeechFiles, CallRegistry, CallBridges, CallTimers, RecordingSettler, LOGGER],
      useFactory: (
        ari: AriClient, commands: CommandClient, speech: SpeechFiles, registry: CallRegistry, bridges: CallBridges, timers: CallTimers, settler: RecordingSettler, logger: Logger,
      ) => {
        const tell: ConstructorParameters<typeof CallDriver>[1] = (callId, message) => registry.tell(callId, message);
        const driver = new CallDriver(
          {
            ari, bridges, timers, prompts: new PromptPlayer(ari, bridges, speech, tell), dialler: new LegDialler(ari),
            agents: new AgentLink(ari, commands, bridges, tell, logger), recorder: new RecordingTap(ari, bridges, (recordingId) => settler.finished(recordingId)),
          },
          tell,
          logger,
        );
        registry.actWith((call, effects) => driver.act(call, effects));
        return driver;
      },
    },
    { provide: DialDecisions, inject: [Database, LateWrites], useFactory: (db: Database, late: LateWrites) => new DialDecisions(db, late) },
    {
      provide: CallRefusals,
      inject: [Database, CallEventsPublisher, CALL_REPOSITORY, LateWrites],
      useFactory: (db: Database, events: CallEventsPublisher, calls: CallRepository, late: LateWrites) => new CallRefusals(db, events, calls, late),
    },
    {
      provide: AcceptCaller,
      inject: [CallRegistry, AriClient, TenantDirectory, CallRefusals, DialDecisions, CLOCK, CONFIG, LOGGER],
      useFactory: (registry: CallRegistry, ari: AriClient, directory: TenantDirectory, refusals: CallRefusals, decisions: DialDecisions, clock: Clock, config: GatewayConfig, logger: Logger) =>
        new AcceptCaller(registry, { ari, directory, refusals, decisions, clock, edgeId: config.EDGE_ID }, logger),
    },
    {
      provide: RecordingSettler,
      inject: [CallRegistry, AriClient, CALL_REPOSITORY, RECORDING_REPOSITORY, RecordingFiles, LOGGER],
      useFactory: (registry: CallRegistry, ari: AriClient, calls: CallRepository, recordings: RecordingRepository, files: RecordingFiles, logger: Logger) =>
        new RecordingSettler(registry, { ari, calls, recordings, files }, logger),
    },
    {
      provide: StasisListener,
      inject: [AriClient, CallRegistry, AcceptCaller, RecordingSettler, LOGGER],
      useFactory: (ari: AriClient, registry: CallRegistry, accept: AcceptCaller, recordings: RecordingSettler, logger: Logger) => new StasisListener(ari, registry, accept, recordings, logger),
    },
    {
      provide: QueueListener,
      inject: [AmiClient, CallRegistry, TenantDirectory, QueueWatch, LOGGER],
      useFactory: (ami: AmiClient, registry: CallRegistry, directory: TenantDirectory, watch: QueueWatch, logger: Logger) => new QueueListener(ami, registry, directory, watch, logger),
    },
    {
      provide: CallDesk,
      inject: [CallRegistry, CALL_REPOSITORY, CONFIG],
      useFactory: (registry: CallRegistry, calls: CallRepository, config: GatewayConfig) =>
        new CallDesk(registry, calls, config.LEFT_OUT.includes('asterisk') ? edgeLeftOut(config.EDGE_ID) : undefined),
    },
    OnVoice,
  ],
  exports: [
    CALL_REPOSITORY, RECORDING_REPOSITORY, RecordingFiles, LateWrites, CallStore, CallRegistry, CallBridges, CallTimers, CallDriver, DialDecisions, CallRefusals, AcceptCaller, RecordingSettler,
    StasisListener, QueueListener, QueueWatch, CallDesk,
  ],
})
export class CallsModule {}
