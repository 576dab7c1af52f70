import { Module } from '@nestjs/common';
import { CONFIG } from '@troncal/chassis';
import { parseKeyRing } from '@troncal/persistence';
import { LastKnownState } from './directory/last-known-state.js';
import { VoiceDirectory } from './directory/voice-directory.js';
import { Excuse } from './excuse.js';
import { RailAgents } from './flow/rail-agents.js';
import { VoiceFlow } from './flow/voice-flow.js';
import { AnswerNumber } from './inbound/answer-number.js';
import { AnswerPhone } from './phone/answer-phone.js';
import { LegEnded } from './phone/leg-ended.js';
import { OutboundLegs } from './phone/outbound-legs.js';
import { PhoneCalls } from './phone/phone-calls.js';
import { Settlements } from './phone/settlements.js';
import { TransferCall } from './phone/transfer-call.js';
import { QuestionLog } from './questions/question-log.js';
import { CallOwners } from './status/call-owners.js';
import { NoteErrors } from './status/note-errors.js';
import { NoteStatus } from './status/note-status.js';
import { StatusController } from './status/status.controller.js';
import type { VoiceConfig } from './voice-env.js';
import { VoiceController } from './voice.controller.js';
import { TwilioSignatureGuard } from './webhooks/twilio-signature.guard.js';

/** What the service's definition has to say of the webhooks: they are known by their signature, over their bytes, and answered from memory. */
export const VOICE_HTTP = { publicPaths: ['/twilio/*'], rawBodyPaths: ['/twilio/*'], schemaFreePaths: ['/twilio/*'] } as const;

/** Voice on Twilio's rail. Needs `VoiceDirectorySource`, `CallFacts`, `OutboundDesk`, `QueueLine` and `AnsweredQuestions`, bound globally by whoever keeps the declarations, the facts, the money, the line and the figures. */
@Module({
  controllers: [VoiceController, StatusController],
  providers: [
    { provide: LastKnownState, inject: [CONFIG], useFactory: (config: VoiceConfig) => new LastKnownState(config.VOICE_STATE_DIR, parseKeyRing(config.CREDENTIALS_KEY)) },
    VoiceDirectory,
    TwilioSignatureGuard,
    RailAgents,
    VoiceFlow,
    AnswerNumber,
    OutboundLegs,
    Settlements,
    AnswerPhone,
    LegEnded,
    TransferCall,
    PhoneCalls,
    CallOwners,
    NoteStatus,
    NoteErrors,
    QuestionLog,
    Excuse,
  ],
  exports: [VoiceDirectory, CallOwners, TwilioSignatureGuard],
})
export class VoiceModule {}
