import { Module } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import { KeepRates } from '../rates/keep-rates.js';
import { PriceOfCall } from '../rates/price-of-call.js';
import { TwilioRateSource } from '../rates/rate-source.twilio.js';
import { RateRepository } from '../rates/rates.repository.js';
import { PgRateRepository } from '../rates/rates.repository.pg.js';
import { RefreshRates } from '../rates/refresh-rates.js';
import { TenantRepository } from '../tenants/tenants.repository.js';
import { PgTenantRepository } from '../tenants/tenants.repository.pg.js';
import { TwilioAccounts } from '../twilio/accounts.js';
import { SetCaps } from './set-caps.js';
import { SettleCall } from './settle-call.js';
import { ShowSpend } from './show-spend.js';
import { SpendController } from './spend.controller.js';
import { SpendPublisher } from './spend.publisher.js';
import { SpendRepository } from './spend.repository.js';
import { PgSpendRepository } from './spend.repository.pg.js';

/** The money of outbound calls: caps, prices, what was spent. */
@Module({
  controllers: [SpendController],
  providers: [
    { provide: SpendRepository, useClass: PgSpendRepository },
    { provide: RateRepository, useClass: PgRateRepository },
    { provide: TenantRepository, useClass: PgTenantRepository },
    {
      provide: KeepRates,
      inject: [RateRepository, RefreshRates, CLOCK, TwilioAccounts],
      useFactory: (rates: RateRepository, refresh: RefreshRates, clock: Clock, { client }: TwilioAccounts) => new KeepRates(rates, refresh, client && new TwilioRateSource(client), clock),
    },
    SpendPublisher,
    SetCaps,
    SettleCall,
    ShowSpend,
    RefreshRates,
    PriceOfCall,
  ],
  exports: [SpendRepository, PriceOfCall, SpendPublisher, SetCaps, SettleCall, RefreshRates],
})
export class SpendModule {}
