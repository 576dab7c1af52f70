import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { HeldElsewhere } from '@troncal/messaging';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { forwardRequest, mayForward } from './forward-request.js';

const DEADLINE_MS = 200;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Seen {
  readonly url: string | undefined;
  readonly key: string | string[] | undefined;
  readonly body: string;
}

/** A server that answers everything, and what it was asked. */
async function listening(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      seen.push({ url: request.url, key: request.headers['x-api-key'], body });
      response.writeHead(202, { 'content-type': 'application/json', 'x-inside': 'not for the asker' });
      // Its beginning at once, its end much later than the deadline.
      response.write('{"held":');
      setTimeout(() => response.end('true}'), 3 * DEADLINE_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** A replica that has its requests for calls answered by the holder. */
async function replica(holder: string): Promise<FastifyInstance> {
  const app = fastify();
  app.post('/api/calls/:id/hold', async (request, reply) => {
    if (!mayForward(request)) return reply.status(503).send({ code: 'held_elsewhere' });
    return forwardRequest(request, reply, new HeldElsewhere('The call', { name: 'other', replica: 'r2', url: holder }), DEADLINE_MS);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  closers.push(() => app.close());
  return app;
}

const addressOf = (app: FastifyInstance): string => `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

/** Sends a request line as it is: fetch would mend it. */
function askRaw(app: FastifyInstance, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
    let answer = '';
    socket.on('data', (piece) => (answer += piece.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    socket.write(`POST ${target} HTTP/1.1\r\nHost: replica\r\nX-Api-Key: secret\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
  });
}

describe('a request for what another replica holds', () => {
  it('is answered by that one, as it was asked', async () => {
    const holder = await listening();
    const app = await replica(holder.url);
    const response = await fetch(`${addressOf(app)}/api/calls/1/hold?x=1`, { method: 'POST', headers: { 'x-api-key': 'secret', 'content-type': 'application/json' }, body: '{"a":1}' });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ held: true });
    expect(response.headers.get('x-inside')).toBeNull();
    expect(holder.seen).toEqual([{ url: '/api/calls/1/hold?x=1', key: 'secret', body: '{"a":1}' }]);
  });

  it('goes nowhere else, whatever its request line names', async () => {
    const holder = await listening();
    const stranger = await listening();
    const app = await replica(holder.url);
    await askRaw(app, `${stranger.url}/api/calls/1/hold`);
    expect(stranger.seen).toEqual([]);
    expect(holder.seen.map(({ url }) => url)).toEqual(['/api/calls/1/hold']);
  });

  it('is passed on once', async () => {
    const holder = await listening();
    const app = await replica(holder.url);
    const response = await fetch(`${addressOf(app)}/api/calls/1/hold`, { method: 'POST', headers: { 'x-troncal-forwarded': '1' } });
    expect(response.status).toBe(503);
    expect(holder.seen).toEqual([]);
  });
});
