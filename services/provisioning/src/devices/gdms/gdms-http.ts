import { AdaptiveLimit, errorText, failedConnection, isTooMany, retryRequest, textUpTo, type RequestOutcome } from '@troncal/kernel';
import { z } from 'zod';
import { credentialsRefused, gdmsRefused, unanswered } from './gdms.errors.js';
import { gdmsSignature, type GdmsCredentials } from './gdms-signature.js';
import { readToken, type GdmsToken } from './gdms-token.js';

export interface GdmsHttpOptions {
  /** `https://www.gdms.cloud` */
  readonly base: string;
  readonly credentials: GdmsCredentials;
  readonly limit?: AdaptiveLimit;
  /** For one answer, ms. */
  readonly timeoutMs?: number;
  /** How long a request is tried again, ms: somebody waits for it. */
  readonly patienceMs?: number;
}

const TIMEOUT_MS = 8_000;
const PATIENCE_MS = 10_000;
const LONGEST_WAIT_MS = 5_000;
const LONGEST_ANSWER = 8 * 1024 * 1024;
/** After a refused login nobody asks again so long: several vendors lock an account for it. */
const REFUSED_FOR_MS = 60_000;

const envelope = z.object({ retCode: z.coerce.number(), msg: z.string().nullish(), data: z.unknown().optional() });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Signed requests to GDMS's API. Keeps to what the account takes at once, renews its token by itself, and tries again what may be: a refusal as one too many, a refused
 * token, what was never sent, and what only reads. A change of which it isn't known whether it was made is not made again here: whoever asked has to look first.
 * Nothing that is secret stands in an error, and no URL: token and signature ride in it.
 */
export class GdmsHttp {
  private readonly limit: AdaptiveLimit;
  private token: GdmsToken | undefined;
  private granting: Promise<GdmsToken> | undefined;
  private refusedUntil = 0;

  constructor(private readonly options: GdmsHttpOptions) {
    this.limit = options.limit ?? new AdaptiveLimit({ start: 4, most: 20 });
  }

  /** @param place `device/list` @throws PermanentError `gdms_credentials_refused`, `gdms_refused`; TransientError `gdms_away`, `gdms_busy` */
  read<T>(place: string, body: object, schema: z.ZodType<T>): Promise<T> {
    return this.ask(place, body, schema, true);
  }

  /** @throws as {@link read}, and TransientError `gdms_outcome_unknown`: look before asking again */
  write<T>(place: string, body: object, schema: z.ZodType<T>): Promise<T> {
    return this.ask(place, body, schema, false);
  }

  private ask<T>(place: string, body: object, schema: z.ZodType<T>, isRepeatable: boolean): Promise<T> {
    const text = JSON.stringify(body);
    let renewed = false;
    const once = async (): Promise<RequestOutcome<T>> => {
      const token = await this.granted();
      const outcome = await this.limit.run(() => this.signed(place, text, token.access), isTooMany);
      if (outcome.how !== 'answered') return outcome;
      if (!isTokenRefused(outcome.answer)) return this.understood(place, outcome.answer, schema, token);
      if (this.token === token) this.token = { ...token, until: 0 };
      if (renewed) throw credentialsRefused();
      renewed = true;
      return once();
    };
    return this.retried(place, once, isRepeatable);
  }

  private retried<T>(place: string, once: () => Promise<RequestOutcome<T>>, isRepeatable: boolean): Promise<T> {
    const patienceMs = this.options.patienceMs ?? PATIENCE_MS;
    return retryRequest(once, { isRepeatable, patienceMs, longestWaitMs: LONGEST_WAIT_MS, giveUp: (last) => unanswered(place, last, { isRepeatable, patienceMs }) });
  }

  private signed(place: string, text: string, access: string): Promise<RequestOutcome<Answer>> {
    const timestamp = Date.now();
    const query = new URLSearchParams({ access_token: access, timestamp: String(timestamp), signature: gdmsSignature(access, timestamp, text, this.options.credentials) });
    return this.send(`/oapi/v1.0.0/${place}?${String(query)}`, text, 'application/json');
  }

  /** One at a time asks for a token; the others wait for it. */
  private async granted(): Promise<GdmsToken> {
    if (this.token !== undefined && performance.now() < this.token.until) return this.token;
    this.granting ??= this.grant().finally(() => {
      this.granting = undefined;
    });
    return (this.token = await this.granting);
  }

  private async grant(): Promise<GdmsToken> {
    if (performance.now() < this.refusedUntil) throw credentialsRefused();
    const { apiId: client_id, secretKey: client_secret, username, passwordDigest: password } = this.options.credentials;
    const refresh = this.token?.refresh;
    const renewed = refresh === undefined ? undefined : await this.tokenFor({ grant_type: 'refresh_token', refresh_token: refresh, client_id, client_secret });
    if (typeof renewed === 'object') return renewed;
    const fresh = await this.tokenFor({ grant_type: 'password', username, password, client_id, client_secret });
    if (typeof fresh === 'object') return fresh;
    this.refusedUntil = performance.now() + REFUSED_FOR_MS;
    throw credentialsRefused();
  }

  /** @returns 'refused' when these are not let in */
  private tokenFor(form: Record<string, string>): Promise<GdmsToken | 'refused'> {
    const place = 'oauth/token';
    const once = async (): Promise<RequestOutcome<GdmsToken | 'refused'>> => {
      const outcome = await this.limit.run(() => this.send(`/oapi/${place}`, String(new URLSearchParams(form)), 'application/x-www-form-urlencoded'), isTooMany);
      // Few tries, as for what is unknown: that GDMS can't be reached at all is to be known soon.
      if (outcome.how === 'not-sent') return { how: 'unknown', why: outcome.why };
      if (outcome.how !== 'answered') return outcome;
      return outcome.answer.status >= 500 ? { how: 'unknown', why: whyOf(outcome.answer) } : { how: 'answered', answer: readToken(outcome.answer.body) ?? 'refused' };
    };
    return this.retried(place, once, true);
  }

  private async send(path: string, body: string, contentType: string): Promise<RequestOutcome<Answer>> {
    try {
      const response = await fetch(`${this.options.base}${path}`, {
        method: 'POST', body, headers: { 'content-type': contentType, accept: 'application/json' },
        // Token and signature must not follow a redirect to somebody else.
        redirect: 'error', signal: AbortSignal.timeout(this.options.timeoutMs ?? TIMEOUT_MS),
      });
      const read = parsed(await textUpTo(response.body ?? [], LONGEST_ANSWER));
      if (response.status === 429) return { how: 'too-many' };
      if (read === undefined && response.ok) return { how: 'unknown', why: `it answered ${String(response.status)} with something that is no JSON` };
      return { how: 'answered', answer: { status: response.status, body: read } };
    } catch (error) {
      return failedConnection(codeOf(error));
    }
  }

  /** What an answer came to: GDMS refuses with status 200 as well, in the answer's envelope. @throws PermanentError `gdms_refused` */
  private understood<T>(place: string, answer: Answer, schema: z.ZodType<T>, token: GdmsToken): RequestOutcome<T> {
    const read = envelope.safeParse(answer.body);
    if (answer.status >= 500 || !read.success) return { how: 'unknown', why: whyOf(answer) };
    const { retCode, msg, data } = read.data;
    if (retCode !== 0 || answer.status >= 400) throw gdmsRefused(place, retCode, this.withoutSecrets((msg ?? '').replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 300), token));
    const shaped = schema.safeParse(data);
    return shaped.success ? { how: 'answered', answer: shaped.data } : { how: 'unknown', why: 'it answered in another shape than it is known by' };
  }

  /** GDMS's own words may hold what was sent. */
  private withoutSecrets(says: string, { access }: GdmsToken): string {
    const { secretKey, passwordDigest } = this.options.credentials;
    return [access, secretKey, passwordDigest].reduce((text, secret) => text.replaceAll(secret, '[secret]'), says);
  }
}

/** By status, or within the envelope: which of both GDMS does is not known. */
function isTokenRefused(answer: Answer): boolean {
  if (answer.status === 401) return true;
  const read = envelope.safeParse(answer.body);
  return read.success && read.data.retCode !== 0 && /\btoken\b/i.test(read.data.msg?.replaceAll('_', ' ') ?? '');
}

const whyOf = ({ status }: Answer): string => `it answered ${String(status)}${status < 300 ? ' in another shape than it is known by' : ''}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'nothing came in time';
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : errorText(cause ?? 'the connection failed');
}
