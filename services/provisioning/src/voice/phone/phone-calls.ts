import { Injectable } from '@nestjs/common';
import { AnswerPhone } from './answer-phone.js';
import { LegEnded } from './leg-ended.js';
import { TransferCall } from './transfer-call.js';

/** All that is asked of calls that phones make or send elsewhere. */
@Injectable()
export class PhoneCalls {
  constructor(
    readonly answer: AnswerPhone,
    readonly ended: LegEnded,
    readonly transfer: TransferCall,
  ) {}
}
