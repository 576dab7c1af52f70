import twilio from 'twilio';
import type { TwilioSimulator } from '../../src/index.js';

type Request<Data = unknown> = Parameters<typeof twilio.RequestClient.prototype.request<Data>>[0];
type Answer<Data = unknown> = Awaited<ReturnType<typeof twilio.RequestClient.prototype.request<Data>>>;

/** A request and its answer, as they went over the wire. */
export interface Exchange {
  readonly request: Request;
  readonly answer: Answer;
}

/** Twilio's own SDK, sent to a simulator. */
export class ToSimulator extends twilio.RequestClient {
  constructor(
    private readonly base: string,
    private readonly seen: (exchange: Exchange) => void = () => {},
  ) {
    // Some benches open at once, on a machine that may be busy.
    super({ timeout: 10_000 });
  }

  override async request<Data>(request: Request<Data>): Promise<Answer<Data>> {
    const answer = await super.request<Data>({ ...request, uri: request.uri.replace(/^https:\//, this.base) });
    this.seen({ request, answer });
    return answer;
  }
}

export const sdkFor = ({ url, accountSid, authToken }: Pick<TwilioSimulator, 'url' | 'accountSid' | 'authToken'>, seen?: (exchange: Exchange) => void): twilio.Twilio =>
  twilio(accountSid, authToken, { httpClient: new ToSimulator(url, seen) });
