import { Module } from '@nestjs/common';
import { QueueLine } from '../voice/flow/queue-line.js';
import { FetchCaller } from './fetch-caller.js';
import { TwilioFetchCaller } from './fetch-caller.twilio.js';
import { FollowQueueLine } from './follow-queue-line.js';
import { QueueLineRepository } from './queue-line.repository.js';
import { PgQueueLineRepository } from './queue-line.repository.pg.js';

/** Who is first in the queues of Twilio's rail. */
@Module({
  providers: [{ provide: QueueLineRepository, useClass: PgQueueLineRepository }, { provide: FetchCaller, useClass: TwilioFetchCaller }, FollowQueueLine, { provide: QueueLine, useExisting: FollowQueueLine }],
  exports: [QueueLine],
})
export class QueueLineModule {}
