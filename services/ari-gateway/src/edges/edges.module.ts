import { Module } from '@nestjs/common';
import { CLOCK, CONFIG, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { CommandClient, LeaseBoard } from '@troncal/messaging';
import { Telemetry, type Logger } from '@troncal/observability';
import { Database, Outbox, parseKeyRing, SecretVault } from '@troncal/persistence';
import { CallQualities } from '../calls/call-qualities.js';
import { CallRefusals } from '../calls/call-refusals.js';
import { CallRegistry } from '../calls/call-registry.js';
import { CALL_REPOSITORY, type CallRepository } from '../calls/call.repository.js';
import { CallsModule } from '../calls/calls.module.js';
import { LateWrites } from '../calls/late-writes.js';
import type { GatewayConfig } from '../config.js';
import { DialDecisions } from '../originate/dial-decisions.js';
import { RECORDING_REPOSITORY, type RecordingRepository } from '../recordings/recording.repository.js';
import { SpeechFiles } from '../speech/speech-files.js';
import { SpeechModule } from '../speech/speech.module.js';
import { TenantDirectory } from '../tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { ReplicaSignals } from '../replicas/replica-signals.js';
import { EdgeDeclarations } from './edge-declarations.js';
import { EdgeDesk } from './edge-desk.js';
import { EdgeKeeper } from './edge-keeper.js';
import { EdgeOwners } from './edge-owners.js';
import { edgeDefaults } from './edge-settings.js';
import { RemoveEdge } from './remove-edge.js';
import { EDGE_REPOSITORY, type EdgeRepository } from './edge.repository.js';
import { PgEdgeRepository } from './edge.repository.pg.js';
import { EdgeSessions } from './edge-sessions.js';
import { EdgesPublisher } from './edges.publisher.js';
import type { GatewayParts } from './gateway-parts.js';
import { OwnershipModule } from './ownership.module.js';
import { REPLICA, type Replica } from './replica.js';

/** What a session of an edge borrows; the order is that of `partsOf`. */
const PARTS = [
  CallRegistry, CALL_REPOSITORY, RECORDING_REPOSITORY, CallRefusals, CallQualities, DialDecisions, TenantDirectory, SpeechFiles, CommandClient, EDGE_REPOSITORY, EdgesPublisher, LateWrites, CLOCK, LOGGER, Telemetry,
];

const partsOf = (
  registry: CallRegistry, calls: CallRepository, recordings: RecordingRepository, refusals: CallRefusals, qualities: CallQualities, decisions: DialDecisions, directory: TenantDirectory, speech: SpeechFiles,
  commands: CommandClient, edges: EdgeRepository, events: EdgesPublisher, late: LateWrites, clock: Clock, logger: Logger, telemetry: Telemetry,
): GatewayParts => ({ registry, calls, recordings, refusals, qualities, decisions, directory, speech, commands, edges, events, late, clock, logger, telemetry });

const GATEWAY_PARTS = Symbol('GatewayParts');

/** The edges: who holds them, their connections, and who is registered at them. */
@Module({
  imports: [CallsModule, OwnershipModule, SpeechModule, TenantDirectoryModule],
  providers: [
    { provide: EdgesPublisher, inject: [Outbox], useFactory: (outbox: Outbox) => new EdgesPublisher(outbox) },
    { provide: EDGE_REPOSITORY, inject: [Database], useFactory: (db: Database) => new PgEdgeRepository(db) },
    { provide: GATEWAY_PARTS, inject: PARTS, useFactory: partsOf },
    {
      provide: EdgeDeclarations,
      inject: [Database, CONFIG],
      useFactory: (db: Database, { CREDENTIALS_KEY: key }: GatewayConfig) => new EdgeDeclarations(db, key === undefined ? undefined : new SecretVault(parseKeyRing(key))),
    },
    {
      provide: RemoveEdge,
      inject: [Database, EDGE_REPOSITORY, EdgesPublisher, CallRegistry, TenantDirectory],
      useFactory: (db: Database, edges: EdgeRepository, events: EdgesPublisher, registry: CallRegistry, directory: TenantDirectory) => new RemoveEdge({ db, edges, events, registry, directory }),
    },
    {
      provide: EdgeDesk,
      inject: [EdgeDeclarations, EdgeKeeper, ReplicaSignals, RemoveEdge, EdgeOwners, CONFIG],
      useFactory: (declarations: EdgeDeclarations, keeper: EdgeKeeper, signals: ReplicaSignals, removal: RemoveEdge, owners: EdgeOwners, config: GatewayConfig) =>
        new EdgeDesk(declarations, keeper, signals, removal, owners, edgeDefaults(config), config.EDGE_ID),
    },
    {
      provide: EdgeKeeper,
      inject: [EdgeSessions, GATEWAY_PARTS, LeaseBoard, EdgeDeclarations, ReplicaSignals, REPLICA, CONFIG],
      useFactory: (sessions: EdgeSessions, parts: GatewayParts, board: LeaseBoard, declarations: EdgeDeclarations, signals: ReplicaSignals, replica: Replica, config: GatewayConfig) =>
        new EdgeKeeper(sessions, { parts, board, declarations, signals }, replica, config),
    },
  ],
  exports: [EDGE_REPOSITORY, EdgeDesk, EdgeKeeper],
})
export class EdgesModule {}
