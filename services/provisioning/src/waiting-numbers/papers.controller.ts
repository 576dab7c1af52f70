import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { TwilioSignatureGuard } from '../voice/webhooks/twilio-signature.guard.js';
import { Signed, type Webhook } from '../voice/webhooks/webhook.js';
import { LookAtWaiting } from './look-at-waiting.js';

/** The StatusCallback of regulatory bundles. What it says isn't believed but looked at: callbacks come late, twice, and in any order. */
@Controller('twilio')
@UseGuards(TwilioSignatureGuard)
export class PapersController {
  constructor(private readonly look: LookAtWaiting) {}

  @Post('bundle')
  @HttpCode(204)
  async bundle(@Signed() { signers }: Webhook): Promise<void> {
    for (const environment of new Set(signers.map((signer) => signer.environment))) await this.look.run(environment);
  }
}
