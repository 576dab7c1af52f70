import { Module } from '@nestjs/common';
import { ContactsController } from './contacts/contacts.controller.js';
import { ContactRepository } from './contacts/contacts.repository.js';
import { PgContactRepository } from './contacts/contacts.repository.pg.js';
import { OnCall } from './contacts/on-call.consumer.js';

@Module({
  controllers: [ContactsController],
  providers: [{ provide: ContactRepository, useClass: PgContactRepository }, OnCall],
})
export class AppModule {}
