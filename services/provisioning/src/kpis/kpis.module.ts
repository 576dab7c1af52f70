import { Module } from '@nestjs/common';
import { AvailabilityModule } from '../availability/availability.module.js';
import { CallQualityModule } from '../call-quality/call-quality.module.js';
import { RegistrationsModule } from '../registrations/registrations.module.js';
import { CountCall } from './count-call.js';
import { KpiRepository } from './kpi.repository.js';
import { PgKpiRepository } from './kpi.repository.pg.js';
import { KpisController } from './kpis.controller.js';
import { KpisInTime } from './kpis-in-time.js';
import { KpisPublisher } from './kpis.publisher.js';
import { NoteSetup } from './note-setup.js';
import { ReadMeasures } from './read-measures.js';
import { ReportWeek } from './report-week.js';
import { ShowKpis } from './show-kpis.js';
import { WatchTargets } from './watch-targets.js';

/** Figures of calls, what they have to be, and who is told when they are not. */
@Module({
  imports: [AvailabilityModule, CallQualityModule, RegistrationsModule],
  controllers: [KpisController],
  providers: [{ provide: KpiRepository, useClass: PgKpiRepository }, KpisPublisher, CountCall, NoteSetup, ReadMeasures, ShowKpis, WatchTargets, ReportWeek, KpisInTime],
  exports: [CountCall, NoteSetup, KpiRepository],
})
export class KpisModule {}
