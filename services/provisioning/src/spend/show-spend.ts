import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@troncal/chassis';
import type { SpendView } from '@troncal/contracts';
import type { Clock } from '@troncal/kernel';
import { Database } from '@troncal/persistence';
import { dayIn, type Purse } from './spend-account.js';
import { SpendRepository } from './spend.repository.js';

/** What a tenant's calls have cost today and this month, what is kept for those that run, and what is left. */
@Injectable()
export class ShowSpend {
  constructor(
    private readonly db: Database,
    private readonly spend: SpendRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(purse: Purse, timeZone: string): Promise<SpendView> {
    const at = this.clock.date();
    const day = dayIn(timeZone, at);
    const { caps } = await this.spend.find(purse);
    const { settled, reserved, callsLastMinute, concurrentCalls } = await this.spend.use(this.db, purse, { at, day, currency: caps.currency });
    return {
      tenant: purse.tenant, environment: purse.environment, currency: caps.currency, day, timeZone,
      dayMicros: used(caps.dayMicros, settled.dayMicros, reserved.dayMicros),
      monthMicros: used(caps.monthMicros, settled.monthMicros, reserved.monthMicros),
      dayMinutes: used(caps.minutesPerDay, settled.dayMinutes, reserved.dayMinutes),
      callsPerMinute: used(caps.callsPerMinute, callsLastMinute, 0),
      concurrentCalls: used(caps.concurrentCalls, concurrentCalls, 0),
    };
  }
}

function used(limit: number | null, gone: number, reserved: number): SpendView['dayMicros'] {
  return { limit, used: gone, reserved, left: limit === null ? null : Math.max(0, limit - gone - reserved) };
}
