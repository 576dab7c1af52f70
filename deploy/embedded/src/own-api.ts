import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** What was answered; `body` is the text as it came. */
export interface OwnAnswer {
  readonly status: number;
  readonly body: string;
}

const WITHIN_MS = 10_000;
const TRIES = 6;
const WAIT_MS = 500;

/** The HTTP API of the stack that was just started, asked by the launcher as an outside system would. */
export class OwnApi {
  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly stopping: () => boolean = () => false,
  ) {}

  /**
   * On a busy machine a service that has just become ready still answers 503 now and then: asked again, six times in all, as one request by its
   * Idempotency-Key. @throws Error when nobody answers
   */
  async ask(method: string, path: string, body?: object): Promise<OwnAnswer> {
    const once = body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': randomBytes(12).toString('hex') };
    const request = { method, headers: { authorization: `Bearer ${this.key}`, ...once }, ...(body && { body: JSON.stringify(body) }) };
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(new URL(path, this.url), { ...request, signal: AbortSignal.timeout(WITHIN_MS) });
      const answer = { status: response.status, body: await response.text() };
      if (answer.status !== 503 || tries === TRIES || this.stopping()) return answer;
      await sleep(tries * WAIT_MS);
    }
  }
}
