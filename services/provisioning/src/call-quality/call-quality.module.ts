import { Module } from '@nestjs/common';
import { CallQualityRepository } from './call-quality.repository.js';
import { PgCallQualityRepository } from './call-quality.repository.pg.js';
import { OnCallQualityMeasured } from './on-call-quality-measured.consumer.js';
import { OnComplaintMade } from './on-complaint-made.consumer.js';

/** How calls of either rail sounded, and what people said of it. */
@Module({
  providers: [{ provide: CallQualityRepository, useClass: PgCallQualityRepository }, OnCallQualityMeasured, OnComplaintMade],
  exports: [CallQualityRepository],
})
export class CallQualityModule {}
