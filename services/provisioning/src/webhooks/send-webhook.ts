import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { PermanentError } from '@troncal/kernel';
import { signedHeaders } from './sign-webhook.js';
import { guardedLookup, PRIVATE_ADDRESS, webhookUrl } from './webhook-address.js';

/** One try. */
export interface Sending {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  /** The newest first. */
  readonly secrets: readonly string[];
}

export interface SendingLimits {
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}

/** How a try ended. `gone`: the receiver wants no more, ever (410). `reason` says what can be told to the tenant: nothing of addresses behind a name. */
export type SendOutcome =
  | { readonly delivered: true; readonly status: number }
  | { readonly delivered: false; readonly status: number | null; readonly reason: string; readonly gone: boolean };

const REASONS: Readonly<Record<string, string>> = {
  [PRIVATE_ADDRESS]: 'its name leads to a private address',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it broke the connection off',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  ETIMEDOUT: 'it could not be reached',
  EHOSTUNREACH: 'it could not be reached',
  ENETUNREACH: 'it could not be reached',
};

/**
 * Sends one message once, on a connection of its own. Only a 2xx counts: a redirect is not followed, since it would lead round the guard.
 * The answer's body is not read. Never throws for what the receiver does.
 * @param stop ends it early: what the receiver has got by then is not known
 */
export async function sendWebhook({ url, id, body, secrets }: Sending, { timeoutMs, allowPrivate }: SendingLimits, stop?: AbortSignal): Promise<SendOutcome> {
  const failed = (reason: string): SendOutcome => ({ delivered: false, status: null, reason, gone: false });
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const target = webhookUrl(url, allowPrivate);
    const headers = {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Troncal-Webhooks/1',
      connection: 'close',
      ...signedHeaders({ id, timestamp: Math.floor(Date.now() / 1_000), body }, secrets),
    };
    const status = await post(target, { headers, signal: stop ? AbortSignal.any([late, stop]) : late, lookup: guardedLookup(allowPrivate) }, body);
    if (status >= 200 && status < 300) return { delivered: true, status };
    return { delivered: false, status, reason: `it answered ${String(status)}`, gone: status === 410 };
  } catch (error) {
    if (late.aborted) return failed(`it did not answer within ${String(timeoutMs / 1_000)} s`);
    if (error instanceof PermanentError) return failed(error.message);
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return failed(REASONS[code] ?? (code === '' ? 'the request failed' : `the request failed: ${code}`));
  }
}

interface PostOptions {
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly lookup: ReturnType<typeof guardedLookup>;
}

function post(url: URL, options: PostOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { method: 'POST', agent: false, ...options }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });
}
