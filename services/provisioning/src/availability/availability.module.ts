import { Module } from '@nestjs/common';
import { AnsweredQuestions } from '../voice/questions/answered-questions.js';
import { AvailabilityRepository } from './availability.repository.js';
import { PgAvailabilityRepository } from './availability.repository.pg.js';

/** Whether Twilio got its answers, as it was counted. */
@Module({
  providers: [{ provide: AvailabilityRepository, useClass: PgAvailabilityRepository }, { provide: AnsweredQuestions, useExisting: AvailabilityRepository }],
  exports: [AvailabilityRepository, AnsweredQuestions],
})
export class AvailabilityModule {}
