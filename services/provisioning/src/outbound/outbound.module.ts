import { Global, Module } from '@nestjs/common';
import { SpendModule } from '../spend/spend.module.js';
import { DecisionLog } from './decision-log.js';
import { DecisionRepository } from './decisions.repository.js';
import { PgDecisionRepository } from './decisions.repository.pg.js';
import { GuardedOutboundDesk } from './guarded-desk.js';
import { OutboundDesk } from './outbound-desk.js';
import { ReserveCall } from './reserve-call.js';

/** The desk that decides every outbound leg of Twilio's rail; global, since whatever dials has to ask it. */
@Global()
@Module({
  imports: [SpendModule],
  providers: [{ provide: OutboundDesk, useClass: GuardedOutboundDesk }, { provide: DecisionRepository, useClass: PgDecisionRepository }, DecisionLog, ReserveCall],
  exports: [OutboundDesk, SpendModule],
})
export class OutboundModule {}
