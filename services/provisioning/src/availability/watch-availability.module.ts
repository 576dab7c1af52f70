import { Module } from '@nestjs/common';
import { DeclarationsModule } from '../declarations.module.js';
import { RailCallsModule } from '../rail-calls/rail-calls.module.js';
import { VerifyModule } from '../verify/verify.module.js';
import { VoiceModule } from '../voice/voice.module.js';
import { AvailabilityModule } from './availability.module.js';
import { ProbeVoice } from './probe-voice.js';
import { ReadFailures } from './read-failures.js';
import { WatchAvailability } from './watch-availability.js';

/** Looks whether Twilio gets its answers, from here and from there. It stands on modules that stand on the figures, which read the counts: so the counts are a module of their own. */
@Module({ imports: [AvailabilityModule, DeclarationsModule, RailCallsModule, VerifyModule, VoiceModule], providers: [ProbeVoice, ReadFailures, WatchAvailability] })
export class WatchAvailabilityModule {}
