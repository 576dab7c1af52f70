import { Module } from '@nestjs/common';
import { DeclarationsModule } from '../declarations.module.js';
import { VoiceModule } from '../voice/voice.module.js';
import { LookAtWaiting } from './look-at-waiting.js';
import { PaperStateRepository } from './paper-states.repository.js';
import { PgPaperStateRepository } from './paper-states.repository.pg.js';
import { PapersController } from './papers.controller.js';
import { SeeWaiting } from './see-waiting.js';
import { WaitingWatch } from './waiting-watch.js';
import { WaitingPublisher } from './waiting.publisher.js';

/** Numbers that wait for people: for a bundle to be approved, for a port, for somebody to bring them here. */
@Module({
  imports: [DeclarationsModule, VoiceModule],
  controllers: [PapersController],
  providers: [{ provide: PaperStateRepository, useClass: PgPaperStateRepository }, WaitingPublisher, SeeWaiting, LookAtWaiting, WaitingWatch],
})
export class WaitingNumbersModule {}
