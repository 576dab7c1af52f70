import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { TwilioSignatureGuard } from '../webhooks/twilio-signature.guard.js';
import { Signed, type Webhook } from '../webhooks/webhook.js';
import { NoteErrors } from './note-errors.js';
import { NoteStatus } from './note-status.js';

/** What Twilio tells beside the calls. Answered at once; what is noted is written behind the answer. */
@Controller('twilio')
@UseGuards(TwilioSignatureGuard)
export class StatusController {
  constructor(
    private readonly note: NoteStatus,
    private readonly errors: NoteErrors,
  ) {}

  @Post('status')
  @HttpCode(204)
  status(@Signed() webhook: Webhook): void {
    this.note.call(webhook);
  }

  @Post('status/leg')
  @HttpCode(204)
  leg(@Signed() webhook: Webhook): void {
    this.note.leg(webhook);
  }

  @Post('recording')
  @HttpCode(204)
  recording(@Signed() webhook: Webhook): void {
    this.note.recording(webhook);
  }

  @Post('errors')
  @HttpCode(204)
  error(@Signed() webhook: Webhook): void {
    this.errors.run(webhook);
  }
}
