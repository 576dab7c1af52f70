import { Module } from '@nestjs/common';
import { OnQueueLeft } from './tickets/on-queue-left.consumer.js';
import { OpenTicket } from './tickets/open-ticket.js';
import { TicketsController } from './tickets/tickets.controller.js';
import { TicketPublisher } from './tickets/tickets.publisher.js';
import { TicketRepository } from './tickets/tickets.repository.js';
import { PgTicketRepository } from './tickets/tickets.repository.pg.js';

@Module({
  controllers: [TicketsController],
  providers: [{ provide: TicketRepository, useClass: PgTicketRepository }, TicketPublisher, OpenTicket, OnQueueLeft],
})
export class AppModule {}
