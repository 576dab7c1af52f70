import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER, PeriodicWork, Schema } from '@troncal/chassis';
import type { Clock } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { CallOwners } from '../status/call-owners.js';
import { addressOf } from '../voice-urls.js';
import { callSidIn, parameter, type Webhook } from '../webhooks/webhook.js';
import { AnsweredQuestions, type AnswerTally, type QuestionFailure } from './answered-questions.js';
import { questionOf } from './question.js';

/** How Twilio's question was answered. */
export interface AskedQuestion {
  readonly webhook: Webhook;
  readonly path: string;
  readonly outcome: 'answered' | 'excuse' | 'late' | 'fallback';
}

const EVERY_MS = 2_000;
/** Looked at in one go: answering callers goes on in between. */
const AT_ONCE = 100;
/** Held while the database is away; the failures among them longest. */
const MOST_WAITING = 100_000;
const MOST_FAILURES = 10_000;

/**
 * Counts which of Twilio's questions were answered, behind the answers: whose a question is, is found when there is time for it. A process that is killed forgets the
 * last two seconds of it.
 */
@Injectable()
export class QuestionLog extends PeriodicWork {
  protected readonly failure = 'answers to Twilio can’t be counted now; they are held';
  private readonly waiting: (AskedQuestion & { readonly at: Date })[] = [];
  private readonly answered = new Map<string, AnswerTally>();
  private failures: QuestionFailure[] = [];

  constructor(
    private readonly owners: CallOwners,
    private readonly questions: AnsweredQuestions,
    @Inject(CLOCK) private readonly clock: Clock,
    schema: Schema,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(EVERY_MS, schema, logger);
  }

  /** Returns at once. */
  note(question: AskedQuestion): void {
    if (this.waiting.length < MOST_WAITING) this.waiting.push({ ...question, at: this.clock.date() });
  }

  async once(): Promise<void> {
    await this.look();
    const [tallies, failures] = [[...this.answered.values()], this.failures];
    if (tallies.length + failures.length === 0) return;
    this.answered.clear();
    this.failures = [];
    try {
      await this.questions.keep(tallies, failures);
    } catch (error) {
      for (const tally of tallies) this.add(tally);
      this.failures = [...failures, ...this.failures].slice(0, MOST_FAILURES);
      throw error;
    }
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    // The last seconds: without a database they are lost.
    await this.once().catch(() => undefined);
  }

  private async look(): Promise<void> {
    while (this.waiting.length > 0) {
      for (const question of this.waiting.splice(0, AT_ONCE)) this.sort(question);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private sort({ webhook, path, outcome, at }: AskedQuestion & { readonly at: Date }): void {
    const failed = (outcome === 'fallback' ? addressOf(parameter(webhook, 'ErrorUrl')) : undefined) ?? { path, query: webhook.query };
    const { environment, tenant } = this.owners.of(webhook, failed.query);
    if (outcome === 'answered') return this.add({ environment, tenant, answered: 1 });
    const detail = outcome === 'fallback' ? `Twilio’s error ${parameter(webhook, 'ErrorCode') ?? 'unknown'} at ${failed.path}` : failed.path;
    this.failures.push({ environment, tenant, question: questionOf(callSidIn(webhook) ?? '', failed.path, failed.query), at, witness: outcome, detail: detail.slice(0, 200) });
  }

  private add({ environment, tenant, answered }: AnswerTally): void {
    const key = `${environment} ${tenant}`;
    this.answered.set(key, { environment, tenant, answered: answered + (this.answered.get(key)?.answered ?? 0) });
  }
}
