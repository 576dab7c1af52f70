import { pause, TransientError } from '@troncal/kernel';
import twilio from 'twilio';
import { AdaptiveLimit } from './adaptive-limit.js';

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

/** How often what may be asked twice is asked, when it isn't known what became of it. */
const TRIES = 4;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;
/** Nothing reached Twilio. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

type Outcome<Data> = { readonly how: 'answered'; readonly answer: Answer<Data> } | { readonly how: 'not-sent' | 'unknown'; readonly why: string };

/**
 * The SDK's way to Twilio. Keeps to what the account takes at once, and tries again what may be: a refusal as one too many, what was never sent, and what can be
 * asked twice (GET, DELETE). A change of which it isn't known whether it was made is not made again here: whoever asked has to look first.
 * Nothing of what is sent stands in an error: not the token, and no password.
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
  override async request<Data>(request: Request<Data>): Promise<Answer<Data>> {
    const deadline = performance.now() + this.patienceMs;
    const place = placeOf(request);
    for (let tries = 1; ; tries += 1) {
      const outcome = await this.limit.run(() => this.once(request), isTooMany);
      const busy = isTooMany(outcome);
      if (outcome.how === 'answered' && !busy) return outcome.answer;
      if (outcome.how === 'unknown' && (request.method === 'post' || tries >= TRIES)) {
        throw new TransientError('twilio_outcome_unknown', `It is not known what became of ${place}: ${outcome.why}.`, { details: { place }, remedy: 'It is looked up before it is asked for again.' });
      }
      if (performance.now() > deadline) throw busy ? tooBusy(place, this.patienceMs) : away(place, outcome.how === 'answered' ? '' : outcome.why);
      // Full jitter: those refused together must not come together again.
      await pause(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries));
    }
  }

  private async once<Data>(request: Request<Data>): Promise<Outcome<Data>> {
    const { base } = this.options;
    try {
      const answer = await super.request<Data>({ ...request, headers: { ...request.headers }, uri: base === undefined ? request.uri : request.uri.replace(/^https:\//, base) });
      if (answer.statusCode >= 500) return { how: 'unknown', why: `answered ${answer.statusCode}` };
      if (!isReadable(answer)) return { how: 'unknown', why: `answered ${answer.statusCode} with something that is no JSON` };
      return { how: 'answered', answer };
    } catch (error) {
      const { code = 'unknown' } = error as { readonly code?: string };
      return NOT_SENT.has(code) ? { how: 'not-sent', why: code } : { how: 'unknown', why: code };
    }
  }
}

const isTooMany = (outcome: Outcome<unknown>): boolean => outcome.how === 'answered' && outcome.answer.statusCode === 429;

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

const tooBusy = (place: string, patienceMs: number): TransientError =>
  new TransientError('twilio_busy', `${place} was refused as one too many (429) for ${patienceMs / 1_000} s.`, { details: { place }, remedy: 'Something else uses this Twilio account up: see Twilio-Concurrent-Requests, and try again later.' });

const away = (place: string, why: string): TransientError => new TransientError('twilio_away', `${place} could not be sent: ${why}.`, { details: { place }, remedy: 'Check names and network between here and Twilio.' });
