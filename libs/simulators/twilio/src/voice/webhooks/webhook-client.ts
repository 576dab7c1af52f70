import { randomUUID } from 'node:crypto';
import type { Account } from '../../accounts/account.js';
import { exchange, HttpFailure, type HttpAnswer, type HttpQuestion } from './http-exchange.js';
import { twilioSignature, withoutFragment, type Parameters } from './signature.js';
import { timingOf, type WebhookTiming } from './webhook-timing.js';

export interface WebhookQuestion {
  readonly account: Account;
  readonly callSid: string;
  /** What for: `voice`, `action`, `status`, `recording`, `wait`… For the log. */
  readonly why: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: Parameters;
}

/** One request to the customer's server, as it went. */
export interface LoggedWebhook {
  readonly at: string;
  readonly callSid: string;
  readonly why: string;
  readonly method: string;
  readonly url: string;
  readonly parameters: Parameters;
  /** Of all tries. */
  tookMs: number;
  tries: number;
  /** 0 while nothing was answered. */
  status: number;
  /** Twilio's code and what was wrong. */
  error?: string;
  /** First 2,000 characters of what was answered. */
  body?: string;
}

/** A webhook that gave nothing that can be used. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';

  constructor(
    readonly code: number,
    readonly url: string,
    message: string,
  ) {
    super(message);
  }
}

const LOGGED_BODY = 2_000;
const MOST_REDIRECTS = 10;

/**
 * Asks the customer's server as Twilio does: signed with the account's token, 5 s to connect, 15 s in all, tried again once when no connection came about,
 * redirects followed as GET without parameters.
 */
export class WebhookClient {
  readonly log: LoggedWebhook[] = [];
  private readonly running = new Set<Promise<unknown>>();

  /** @param at where a URL is really to be had: the public address of a server under test is often nobody's */
  constructor(private readonly at: (url: string) => string) {}

  /** @throws WebhookError when there was no answer of 2xx */
  ask(question: WebhookQuestion): Promise<HttpAnswer> {
    const asked = this.asked(question);
    this.running.add(asked);
    const over = (): void => void this.running.delete(asked);
    asked.then(over, over);
    return asked;
  }

  /** Settles when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  private async asked(question: WebhookQuestion): Promise<HttpAnswer> {
    const { callSid, why, method, url, parameters } = question;
    const entry: LoggedWebhook = { at: new Date().toISOString(), callSid, why, method, url: withoutFragment(url), parameters, tookMs: 0, tries: 0, status: 0 };
    this.log.push(entry);
    const began = performance.now();
    try {
      if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) throw new WebhookError(11100, url, `Invalid URL format: ${url}`);
      const answer = await this.followed(question, entry, began + timingOf(url).totalMs);
      entry.status = answer.status;
      entry.body = withoutPasswords(answer.body.toString('utf8')).slice(0, LOGGED_BODY);
      if (answer.status < 200 || answer.status > 299) throw new WebhookError(11200, url, `Got HTTP ${answer.status} response to ${url}`);
      return answer;
    } catch (error) {
      const told = error instanceof HttpFailure ? new WebhookError(error.code, url, error.message) : error;
      entry.error = told instanceof WebhookError ? `${told.code} ${told.message}` : String(told);
      throw told;
    } finally {
      entry.tookMs = Math.round(performance.now() - began);
    }
  }

  private async followed(question: WebhookQuestion, entry: LoggedWebhook, until: number): Promise<HttpAnswer> {
    let { url, method, parameters } = question;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await this.persistent({ ...question, url, method, parameters }, entry, until);
      if (answer.status < 300 || answer.status > 399 || answer.location === undefined) return answer;
      // As Twilio does: what follows is a GET, and what was posted is lost.
      url = new URL(answer.location, withoutFragment(url)).href;
      method = 'GET';
      parameters = {};
    }
    throw new WebhookError(11215, question.url, `More than ${MOST_REDIRECTS} redirects from ${question.url}`);
  }

  /** With the tries that the URL allows. */
  private async persistent(question: WebhookQuestion, entry: LoggedWebhook, until: number): Promise<HttpAnswer> {
    const timing = timingOf(question.url);
    const token = randomUUID();
    for (let tries = 0; ; tries += 1) {
      entry.tries += 1;
      const again = tries < timing.retries && performance.now() < until;
      try {
        const readMs = Math.max(1, Math.min(timing.readMs, until - performance.now()));
        const answer = await exchange({ ...this.request(question, tries === 0 ? undefined : token), connectMs: timing.connectMs, readMs });
        if (!again || !retriesStatus(timing, answer.status)) return answer;
      } catch (error) {
        if (!(error instanceof HttpFailure) || !again || !(timing.retryOn.has(error.kind) || timing.retryOn.has('all'))) throw error;
      }
    }
  }

  private request({ account, url, method, parameters }: WebhookQuestion, retryToken: string | undefined): Omit<HttpQuestion, 'connectMs' | 'readMs'> {
    const asked = method === 'GET' ? withQuery(withoutFragment(url), parameters) : withoutFragment(url);
    const signature = twilioSignature(account.identity.authToken, asked, method === 'GET' ? {} : parameters);
    return {
      url: asked,
      at: this.at(asked),
      method,
      body: method === 'GET' ? '' : new URLSearchParams(parameters).toString(),
      headers: {
        accept: '*/*',
        'user-agent': 'TwilioProxy/1.1 (SIMULATED)',
        'x-twilio-signature': signature,
        ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }),
        ...(retryToken === undefined ? {} : { 'i-twilio-idempotency-token': retryToken }),
      },
    };
  }
}

function retriesStatus({ retryOn }: WebhookTiming, status: number): boolean {
  return status >= 400 && (retryOn.has('all') || retryOn.has(status < 500 ? '4xx' : '5xx'));
}

function withQuery(url: string, parameters: Parameters): string {
  const query = new URLSearchParams(parameters).toString();
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

/** Of a <Sip>: the log is read by people. */
const withoutPasswords = (twiml: string): string => twiml.replaceAll(/ password="[^"]*"/g, ' password="•"');
