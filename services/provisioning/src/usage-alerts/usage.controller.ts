import { Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { TwilioSignatureGuard } from '../voice/webhooks/twilio-signature.guard.js';
import { Signed, type Webhook } from '../voice/webhooks/webhook.js';
import { toldFiring } from './firing.js';
import { TellFiring } from './tell-firing.js';

/** Where usage triggers call. Answered once it is written down; what gets lost all the same is seen at the next look for drift. */
@Controller('twilio')
@UseGuards(TwilioSignatureGuard)
export class UsageController {
  constructor(
    private readonly tell: TellFiring,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('usage')
  @HttpCode(204)
  async usage(@Signed() webhook: Webhook): Promise<void> {
    const firing = toldFiring(webhook, this.clock.date());
    if (firing === undefined) this.logger.warn({ signers: webhook.signers }, 'Twilio tells of a usage trigger that is none of ours');
    else await this.tell.run(firing);
  }
}
