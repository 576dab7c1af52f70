import { Module } from '@nestjs/common';
import { DeclarationsModule } from '../declarations.module.js';
import { DevicesModule } from '../devices/devices.module.js';
import { KpisModule } from '../kpis/kpis.module.js';
import { VoiceModule } from '../voice/voice.module.js';
import { AskVoiceUrl } from './ask-voice-url.js';
import { CallSigns } from './call-signs.repository.js';
import { PgCallSigns } from './call-signs.repository.pg.js';
import { ExamineTenants } from './examine-tenants.js';
import { ProbePhones } from './probe-phones.js';
import { ReadAlerts } from './read-alerts.js';
import { ReadAccountHealth } from './read-account-health.js';
import { ReadHealth } from './read-health.js';
import { ReadPhones } from './read-phones.js';
import { VerifyController } from './verify.controller.js';
import { VerifyTenant } from './verify-tenant.js';

/** Seeing that it works: what is at Twilio, what calls have shown, and what is to be done. */
@Module({
  imports: [DeclarationsModule, DevicesModule, KpisModule, VoiceModule],
  controllers: [VerifyController],
  providers: [{ provide: CallSigns, useClass: PgCallSigns }, AskVoiceUrl, ReadAlerts, ReadPhones, ReadAccountHealth, ReadHealth, ProbePhones, VerifyTenant, ExamineTenants],
  exports: [CallSigns, AskVoiceUrl],
})
export class VerifyModule {}
