import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, listen, type Listening } from '@troncal/simulator-program';
import twilio from 'twilio';

/** A webhook as it came. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Whether Twilio's own SDK takes its signature. */
  readonly isSigned: boolean;
}

/** Another answer than TwiML. */
interface Answer {
  readonly status: number;
  readonly location?: string;
  readonly body?: string;
  readonly type?: string;
  readonly afterMs?: number;
}
type Page = string | ((parameters: Readonly<Record<string, string>>, tries: number) => string | Answer);

/** A customer's server: answers each path with TwiML (without <Response>), and keeps what came. */
export class TwimlServer {
  readonly arrived: Arrived[] = [];
  private pages: Readonly<Record<string, Page>> = {};

  private constructor(
    private readonly listening: Listening,
    private readonly token: () => string,
  ) {}

  static async start(token: () => string): Promise<TwimlServer> {
    let made: TwimlServer | undefined;
    const server = createServer((request, response) => {
      bodyOf(request)
        .then((body) => made!.answer(request.method ?? '', request.url ?? '', request.headers, body.toString('utf8')))
        .then(({ status, location, body, type = 'text/xml' }) => response.writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) }).end(body))
        .catch(() => response.destroy());
    });
    made = new TwimlServer(await listen(server), token);
    return made;
  }

  get url(): string {
    return `http://${this.listening.at}`;
  }

  /** What is at which path from now on. What is at none answers 204, as who only listens does. */
  serve(pages: Readonly<Record<string, Page>>): void {
    this.pages = { ...this.pages, ...pages };
  }

  /** What came to a path, oldest first. */
  at(path: string): Arrived[] {
    return this.arrived.filter((each) => each.path.split('?')[0] === path);
  }

  close(): Promise<void> {
    return this.listening.close();
  }

  private async answer(method: string, path: string, headers: Arrived['headers'], body: string): Promise<Answer> {
    const form = Object.fromEntries(new URLSearchParams(body));
    const isSigned = twilio.validateRequest(this.token(), String(headers['x-twilio-signature']), this.url + path, form);
    const parameters = { ...Object.fromEntries(new URL(path, this.url).searchParams), ...form };
    this.arrived.push({ method, path, parameters, headers, isSigned });
    const name = path.split('?')[0]!;
    const page = this.pages[name];
    const given = typeof page === 'function' ? page(parameters, this.at(name).length) : page;
    if (given === undefined) return { status: 204, type: 'text/plain' };
    if (typeof given === 'string') return { status: 200, body: `<?xml version="1.0" encoding="UTF-8"?><Response>${given}</Response>` };
    await sleep(given.afterMs ?? 0);
    return given;
  }
}
