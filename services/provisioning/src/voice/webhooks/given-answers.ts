import type { Webhook } from './webhook.js';

/** Calls ask some five times each: the answers of the last minutes, also of a busy replica. */
const KEPT = 5_000;

/**
 * The answers given last, by signature: a webhook that comes again (Twilio's own retry, or somebody who has recorded it) gets the very same, and nothing is
 * decided or counted anew. No two questions of a call are alike, since the flow's step is in their URL. Another replica, which doesn't have it, makes an answer
 * of the same meaning, as it depends on nothing but the question.
 */
export class GivenAnswers {
  private readonly answers = new Map<string, string>();

  of(webhook: Webhook): string | undefined {
    return this.answers.get(key(webhook));
  }

  keep(webhook: Webhook, answer: string): void {
    this.answers.set(key(webhook), answer);
    if (this.answers.size <= KEPT) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }
}

/** Who has signed too: an account that was taken away, or came, may mean another answer. */
const key = ({ signature, signers }: Webhook): string => `${signature} ${signers.map(({ environment, tenant }) => `${environment}/${tenant ?? ''}`).join(' ')}`;
