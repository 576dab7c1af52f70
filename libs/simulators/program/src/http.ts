import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY = 16 * 1024 * 1024;

/** All of a request's body. @throws Error when it is longer than `max` bytes */
export async function bodyOf(request: IncomingMessage, max = MAX_BODY): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > max) throw new Error(`A request is at most ${max} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
