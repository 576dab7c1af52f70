import { AdaptiveLimit, failedConnection, isTooMany, retryRequest, TransientError, type RequestOutcome, type Unanswered } from '@troncal/kernel';
import twilio from 'twilio';

type Request<Data> = Parameters<typeof twilio.RequestClient.prototype.request<Data>>[0];
type Answer<Data> = Awaited<ReturnType<typeof twilio.RequestClient.prototype.request<Data>>>;

export interface TwilioHttpOptions {
  /** Where requests go instead of Twilio: `http://host:port` of a simulator, which finds Twilio's host as the first part of the path. */
  readonly base?: string | undefined;
  /** Shared by all that use one account. */
  readonly limit?: AdaptiveLimit;
  /** For one answer, ms. Buying a number takes seconds. */
  readonly timeoutMs?: number;
  /** How long a request that is refused as one too many, or that can't be sent, is tried again, ms. */
  readonly patienceMs?: number;
}

const LONGEST_WAIT_MS = 10_000;

/**
 * The SDK's way to Twilio. Keeps to what the account takes at once (429, code 20429; the limit is published nowhere), and tries again what may be: a refusal as one
 * too many, what was never sent, and what can be asked twice (GET, DELETE). A change of which it isn't known whether it was made is not made again here: whoever
 * asked has to look first. Nothing of what is sent stands in an error: not the token, and no password.
 */
export class TwilioHttp extends twilio.RequestClient {
  private readonly limit: AdaptiveLimit;
  private readonly patienceMs: number;

  constructor(private readonly options: TwilioHttpOptions = {}) {
    super({ timeout: options.timeoutMs ?? 15_000, maxSockets: 200 });
    this.limit = options.limit ?? new AdaptiveLimit();
    this.patienceMs = options.patienceMs ?? 300_000;
  }

  /** @throws TransientError `twilio_busy`, `twilio_away`, `twilio_outcome_unknown`: look before asking again */
  override request<Data>(request: Request<Data>): Promise<Answer<Data>> {
    const { patienceMs } = this;
    return retryRequest(() => this.limit.run(() => this.once(request), isTooMany), {
      isRepeatable: request.method !== 'post', patienceMs, longestWaitMs: LONGEST_WAIT_MS,
      giveUp: (last) => unanswered(placeOf(request), last, patienceMs),
    });
  }

  private async once<Data>(request: Request<Data>): Promise<RequestOutcome<Answer<Data>>> {
    const { base } = this.options;
    try {
      const answer = await super.request<Data>({ ...request, headers: { ...request.headers }, uri: base === undefined ? request.uri : request.uri.replace(/^https:\//, base) });
      if (answer.statusCode === 429) return { how: 'too-many' };
      if (answer.statusCode >= 500) return { how: 'unknown', why: `answered ${answer.statusCode}` };
      if (!isReadable(answer)) return { how: 'unknown', why: `answered ${answer.statusCode} with something that is no JSON` };
      return { how: 'answered', answer };
    } catch (error) {
      const { code = 'unknown' } = error as { readonly code?: string };
      return failedConnection(code);
    }
  }
}

/** The SDK hands a body on as text or parsed, and takes whatever it is for an answer. */
function isReadable({ statusCode, body }: Answer<unknown>): boolean {
  if (statusCode === 204) return true;
  if (typeof body !== 'string') return typeof body === 'object' && body !== null;
  try {
    return typeof JSON.parse(body) === 'object';
  } catch {
    return false;
  }
}

const placeOf = ({ method, uri }: Pick<Request<unknown>, 'method' | 'uri'>): string => {
  const { hostname, pathname } = new URL(uri);
  return `${method.toUpperCase()} ${hostname}${pathname}`;
};

function unanswered(place: string, last: Unanswered, patienceMs: number): TransientError {
  switch (last.how) {
    case 'too-many':
      return new TransientError('twilio_busy', `${place} was refused as one too many (429) for ${patienceMs / 1_000} s.`, { details: { place }, remedy: 'Something else uses this Twilio account up: see Twilio-Concurrent-Requests, and try again later.' });
    case 'not-sent':
      return new TransientError('twilio_away', `${place} could not be sent: ${last.why}.`, { details: { place }, remedy: 'Check names and network between here and Twilio.' });
    case 'unknown':
      return new TransientError('twilio_outcome_unknown', `It is not known what became of ${place}: ${last.why}.`, { details: { place }, remedy: 'It is looked up before it is asked for again.' });
  }
}
