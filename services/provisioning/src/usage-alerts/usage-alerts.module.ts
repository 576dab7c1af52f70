import { Module } from '@nestjs/common';
import { VoiceModule } from '../voice/voice.module.js';
import { FiredTriggerRepository } from './fired-triggers.repository.js';
import { PgFiredTriggerRepository } from './fired-triggers.repository.pg.js';
import { TellFiring } from './tell-firing.js';
import { UsageAlertPublisher } from './usage-alerts.publisher.js';
import { UsageController } from './usage.controller.js';

/** What becomes of usage triggers that fire, also for whoever reads that they did. */
@Module({
  providers: [{ provide: FiredTriggerRepository, useClass: PgFiredTriggerRepository }, UsageAlertPublisher, TellFiring],
  exports: [TellFiring],
})
export class FiringsModule {}

/** Where triggers call. */
@Module({ imports: [VoiceModule, FiringsModule], controllers: [UsageController] })
export class UsageAlertsModule {}
