import http from 'node:http';
import https from 'node:https';

export interface HttpQuestion {
  /** As signed, without fragment. */
  readonly url: string;
  /** Where it is really to be had, when that differs. */
  readonly at: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connectMs: number;
  readonly readMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly location: string | undefined;
  readonly body: Buffer;
}

/** Why there was no answer: `ct` no connection, `rt` connected and nothing came in time. `code` is Twilio's. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  constructor(
    readonly kind: 'ct' | 'rt',
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** More than Twilio would read. */
const MAX_BYTES = 4 * 1024 * 1024;

/** One HTTP exchange, connection and answer timed apart, on a connection of its own. @throws HttpFailure */
export function exchange(question: HttpQuestion): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = new URL(question.at);
    let connected = false;
    const fail = (kind: HttpFailure['kind'], code: number, message: string): void => {
      clearTimeout(connecting);
      clearTimeout(reading);
      reject(new HttpFailure(kind, code, `${question.method} ${question.url}: ${message}`));
      request.destroy();
    };
    const request = (target.protocol === 'https:' ? https : http).request(target, {
      method: question.method,
      agent: false,
      headers: { ...question.headers, host: new URL(question.url).host, connection: 'close', ...lengthOf(question.body) },
    });
    const connecting = setTimeout(() => fail('ct', 11205, `no connection in ${question.connectMs} ms`), question.connectMs);
    let reading: NodeJS.Timeout | undefined;
    request.once('socket', (socket) => {
      socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
        clearTimeout(connecting);
        reading = setTimeout(() => fail('rt', 11200, `no answer in ${question.readMs} ms`), question.readMs);
      });
    });
    request.once('error', (error: NodeJS.ErrnoException) => fail(connected ? 'rt' : 'ct', codeOf(error, connected), error.message));
    request.once('response', (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        if (size > MAX_BYTES) fail('rt', 11750, `an answer of more than ${MAX_BYTES} bytes`);
        else parts.push(part);
      });
      response.once('error', (error) => fail('rt', 11200, error.message));
      response.once('end', () => {
        clearTimeout(reading);
        const { 'content-type': contentType, location } = response.headers;
        resolve({ status: response.statusCode ?? 0, contentType, location, body: Buffer.concat(parts) });
      });
    });
    request.end(question.body);
  });
}

const lengthOf = (body: string): Readonly<Record<string, string>> => (body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) });

function codeOf(error: NodeJS.ErrnoException, connected: boolean): number {
  if (connected) return 11200;
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 11210;
  return error.code?.startsWith('ERR_TLS') === true || error.code?.includes('CERT') === true ? 11220 : 11205;
}
