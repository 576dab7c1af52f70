import { Module } from '@nestjs/common';
import { OnEndpointRegistered } from './on-endpoint-registered.consumer.js';
import { RegistrationWaits } from './registration-waits.repository.js';
import { PgRegistrationWaits } from './registration-waits.repository.pg.js';

/** How long phones take from their settings to their registration. */
@Module({ providers: [{ provide: RegistrationWaits, useClass: PgRegistrationWaits }, OnEndpointRegistered], exports: [RegistrationWaits] })
export class RegistrationsModule {}
