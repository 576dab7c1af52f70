import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message as a receiver gets it, which trusts nothing but the signature. */
export class Received {
  constructor(
    readonly headers: IncomingHttpHeaders,
    readonly body: string,
  ) {}

  json(): Record<string, unknown> {
    return JSON.parse(this.body) as Record<string, unknown>;
  }

  /** As the specification of Standard Webhooks tells a receiver to: one of the signatures must fit, and the time must be within five minutes. */
  verified(secret: string): boolean {
    const id = String(this.headers['webhook-id']);
    const timestamp = String(this.headers['webhook-timestamp']);
    if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 300) return false;
    const expected = createHmac('sha256', Buffer.from(secret.split('_')[1] ?? '', 'base64')).update(`${id}.${timestamp}.${this.body}`).digest();
    return String(this.headers['webhook-signature'])
      .split(' ')
      .map((each) => each.split(','))
      .some(([version, signature]) => version === 'v1' && Buffer.from(signature ?? '', 'base64').length === expected.length && timingSafeEqual(Buffer.from(signature ?? '', 'base64'), expected));
  }
}

/** A status, or no answer at all. */
export type Reply = number | 'silence';

/** Somebody's own system, over a real socket; each path answers as it is told. */
export class Receiver {
  private readonly got = new Map<string, Received[]>();
  private readonly answers = new Map<string, Reply[] | ((got: Received) => Reply)>();
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const reply = receiver.take(request.url ?? '', new Received(request.headers, Buffer.concat(chunks).toString('utf8')));
        if (reply !== 'silence') response.writeHead(reply, { location: '/elsewhere' }).end('thank you');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const receiver = new Receiver(server, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    return receiver;
  }

  /** What came at a path, in order. */
  at(path: string): readonly Received[] {
    return this.got.get(path) ?? [];
  }

  /** Answers one after the other, the last one for good; or by what came. 200 when nothing was said. */
  answer(path: string, replies: Reply[] | ((got: Received) => Reply)): void {
    this.answers.set(path, typeof replies === 'function' ? replies : [...replies]);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(path: string, got: Received): Reply {
    this.got.set(path, [...this.at(path), got]);
    const replies = this.answers.get(path) ?? [200];
    if (typeof replies === 'function') return replies(got);
    return (replies.length > 1 ? replies.shift() : replies[0]) ?? 200;
  }
}
