import { applyDecorators, Controller, Header, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { Metrics, type Counter, type Logger } from '@troncal/observability';
import type { Answer } from './answer.js';
import { Excuse } from './excuse.js';
import { readTicket } from './flow/flow-ticket.js';
import { VoiceFlow } from './flow/voice-flow.js';
import { AnswerNumber } from './inbound/answer-number.js';
import { readDialTicket } from './phone/dial-ticket.js';
import { PhoneCalls } from './phone/phone-calls.js';
import { QuestionLog } from './questions/question-log.js';
import { VOICE_PATHS } from './voice-urls.js';
import { GivenAnswers } from './webhooks/given-answers.js';
import { TwilioSignatureGuard } from './webhooks/twilio-signature.guard.js';
import { selfAnswer } from './webhooks/self-request.js';
import { callSidIn, Signed, type Webhook } from './webhooks/webhook.js';

/** Twilio waits no longer, ms. */
const PATIENCE_MS = 15_000;

type Step = 'number' | 'phone' | 'flow' | 'outbound' | 'refer';

/** A question of Twilio's at this path, answered in TwiML. */
const Question = (path: Step | 'fallback'): MethodDecorator => applyDecorators(Post(path), HttpCode(200), Header('content-type', 'text/xml; charset=utf-8'));

/**
 * Twilio's questions in the middle of calls. Whoever is let in by the signature gets a TwiML document with status 200: where something of ours is wrong the
 * caller hears an excuse, since an error of HTTP would end the call in silence.
 */
@Controller('twilio/voice')
@UseGuards(TwilioSignatureGuard)
export class VoiceController {
  private readonly answers: Counter<'step' | 'outcome'>;
  private readonly given = new GivenAnswers();

  constructor(
    private readonly answerNumber: AnswerNumber,
    private readonly phones: PhoneCalls,
    private readonly flow: VoiceFlow,
    private readonly excuse: Excuse,
    private readonly questions: QuestionLog,
    @Inject(LOGGER) private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.answers = metrics.counter('troncal_twilio_answers_total');
  }

  @Question('number')
  number(@Signed() webhook: Webhook): Promise<string> {
    return this.answer('number', webhook, (callSid) => this.answerNumber.run(webhook, callSid));
  }

  @Question('flow')
  step(@Signed() webhook: Webhook): Promise<string> {
    return this.answer('flow', webhook, async (callSid) => {
      const ticket = readTicket(webhook.query.get('s') ?? '');
      const document = ticket && await this.flow.goOn({ callSid, ticket, webhook });
      return document && { document, outcome: 'served' };
    });
  }

  @Question('phone')
  phone(@Signed() webhook: Webhook): Promise<string> {
    return this.answer('phone', webhook, (callSid) => this.phones.answer.run(webhook, callSid));
  }

  @Question('outbound')
  outbound(@Signed() webhook: Webhook): Promise<string> {
    return this.answer('outbound', webhook, async (callSid) => {
      const ticket = readDialTicket(webhook.query.get('d') ?? '');
      return ticket && this.phones.ended.run(webhook, callSid, ticket);
    });
  }

  @Question('refer')
  refer(@Signed() webhook: Webhook): Promise<string> {
    return this.answer('refer', webhook, async (callSid) => {
      const ticket = readDialTicket(webhook.query.get('d') ?? '');
      return ticket && this.phones.transfer.run(webhook, callSid, ticket);
    });
  }

  @Question('fallback')
  fallback(@Signed() webhook: Webhook): string {
    this.questions.note({ webhook, path: VOICE_PATHS.fallback, outcome: 'fallback' });
    this.logger.error({ errorCode: webhook.parameters.get('ErrorCode'), callSid: callSidIn(webhook) }, 'Twilio could not use our answer and took the fallback');
    return this.excuse.say(webhook).document.toString();
  }

  private async answer(step: Step, webhook: Webhook, work: (callSid: string) => Promise<Answer | undefined>): Promise<string> {
    const given = selfAnswer(webhook) ?? this.given.of(webhook);
    if (given !== undefined) return given;
    const began = performance.now();
    const callSid = callSidIn(webhook);
    let answer: Answer | undefined;
    let text: string | undefined;
    try {
      answer = callSid === undefined ? undefined : await work(callSid);
      text = answer?.document.toString();
      if (!answer) this.logger.error({ step, callSid: callSid ?? null }, 'a webhook of Twilio speaks of nothing that is known; the caller hears an excuse');
    } catch (error) {
      this.logger.error({ err: error, step, callSid }, 'a webhook of Twilio could not be answered; the caller hears an excuse');
    }
    if (!answer || text === undefined) {
      answer = this.excuse.say(webhook);
      text = answer.document.toString();
    } else this.given.keep(webhook, text);
    this.answers.inc({ step, outcome: answer.outcome });
    const late = performance.now() - began > PATIENCE_MS;
    this.questions.note({ webhook, path: VOICE_PATHS[step], outcome: late ? 'late' : answer.outcome === 'excused' ? 'excuse' : 'answered' });
    return text;
  }
}
