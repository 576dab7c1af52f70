import { Module } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import type { Logger } from '@troncal/observability';
import type { GatewayConfig } from '../../config.js';
import { EdgeSessions } from '../../edges/edge-sessions.js';
import { DialDecisions } from '../../originate/dial-decisions.js';
import { RecordCall } from '../../recordings/record-call.js';
import { RECORDING_REPOSITORY, type RecordingRepository } from '../../recordings/recording.repository.js';
import { SpeechFiles } from '../../speech/speech-files.js';
import { SpeechModule } from '../../speech/speech.module.js';
import { TenantDirectory } from '../../tenant-directory/tenant-directory.js';
import { TenantDirectoryModule } from '../../tenant-directory/tenant-directory.module.js';
import { CallDesk } from '../call-desk.js';
import { CallRegistry } from '../call-registry.js';
import { CallsModule } from '../calls.module.js';
import { CallVerbs } from './call-verbs.js';
import { ConnectCalls } from './connect-calls.js';
import { DialOut } from './dial-out.js';
import { HoldCall } from './hold-call.js';
import { ParkCall } from './park-call.js';
import { ParkingSlots } from './parking-slots.js';
import { PlayToCall } from './play-to-call.js';
import { SendDigits } from './send-digits.js';
import { SnoopCall } from './snoop-call.js';
import { TransferCall } from './transfer-call.js';
import { WarmTransfer } from './warm-transfer.js';

/** What may be done to a live call, for HTTP and commands alike. */
@Module({
  imports: [CallsModule, SpeechModule, TenantDirectoryModule],
  providers: [
    { provide: DialOut, inject: [TenantDirectory, DialDecisions], useFactory: (directory: TenantDirectory, decisions: DialDecisions) => new DialOut(directory, decisions) },
    {
      provide: PlayToCall,
      inject: [CallDesk, RECORDING_REPOSITORY, EdgeSessions, CONFIG],
      useFactory: (desk: CallDesk, recordings: RecordingRepository, sessions: EdgeSessions, config: GatewayConfig) =>
        new PlayToCall(desk, { recordings, filesOf: (edgeId) => sessions.demand(edgeId).recordings, soundsDir: config.SOUNDS_DIR }),
    },
    { provide: ParkCall, inject: [CallDesk, CallRegistry, DialOut], useFactory: (desk: CallDesk, registry: CallRegistry, dialOut: DialOut) => new ParkCall(desk, new ParkingSlots(registry), dialOut) },
    {
      provide: RecordCall,
      inject: [CallDesk, EdgeSessions, SpeechFiles, LOGGER],
      useFactory: (desk: CallDesk, sessions: EdgeSessions, speech: SpeechFiles, logger: Logger) => new RecordCall(desk, sessions, speech, logger),
    },
    {
      provide: CallVerbs,
      inject: [CallDesk, TenantDirectory, DialOut, PlayToCall, ParkCall, RecordCall],
      useFactory: (desk: CallDesk, directory: TenantDirectory, dialOut: DialOut, play: PlayToCall, park: ParkCall, record: RecordCall) =>
        new CallVerbs({
          play, park, record, hold: new HoldCall(desk), digits: new SendDigits(desk), connect: new ConnectCalls(desk), transfer: new TransferCall(desk, directory, dialOut),
          warm: new WarmTransfer(desk, dialOut), snoop: new SnoopCall(desk, dialOut),
        }),
    },
  ],
  exports: [CallVerbs],
})
export class CallControlModule {}
