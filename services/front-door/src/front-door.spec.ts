import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVICE_NAMES } from '@troncal/contracts';
import { ApiClient, apiKeysFile } from '@troncal/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startService } from './index.js';

/** A service as the front door sees one: something that answers HTTP. */
class Upstream {
  seen: IncomingMessage[] = [];
  answer: RequestListener = (_request, response) => response.end('{}');
  readonly server: Server = createServer((request, response) => {
    this.seen.push(request);
    this.answer(request, response);
  });
  origin = '';
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.origin;
  }
  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const json: RequestListener = (_request, response) => response.setHeader('content-type', 'application/json').end('{"answered":true}');

describe('the front door', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-front-door-'));
  const upstream = new Upstream();
  const gone = new Upstream();
  let door: Awaited<ReturnType<typeof startService>>;
  let api: ApiClient;
  let env: Record<string, string>;

  beforeAll(async () => {
    const away = await gone.listen();
    await gone.close();
    const upstreams = { provisioning: await upstream.listen(), ticketing: away };
    const API_KEYS_FILE = apiKeysFile(folder, new Map([['*', 'the-key']]));
    env = { HTTP_PORT: '0', API_KEYS_FILE, UPSTREAMS: JSON.stringify(upstreams), ALLOWED_ORIGINS: 'https://console.example', LOG_LEVEL: 'silent' };
    door = await startService(env);
    api = new ApiClient(door.url, 'the-key');
  });
  beforeEach(() => {
    upstream.seen = [];
    upstream.answer = json;
  });
  afterAll(async () => {
    await door.close();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  it('passes a request on to the service of its segment, and the answer back', async () => {
    let body = '';
    upstream.answer = (request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.writeHead(409, { 'content-type': 'application/problem+json', 'x-of-service': 'yes' }).end('{"code":"tenant_exists"}'));
    };
    const answer = await api.send('PATCH', '/api/tenants/demo/numbers/%2B56225550100?a=1&b=%20', { route: 'main' }, { 'idempotency-key': 'k1', 'x-request-id': 'asked-1' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'tenant_exists' } });
    expect(answer.headers.get('x-of-service')).toBe('yes');
    expect(answer.headers.get('x-request-id')).toBe('asked-1');
    expect(upstream.seen).toHaveLength(1);
    expect(upstream.seen[0]).toMatchObject({ method: 'PATCH', url: '/api/tenants/demo/numbers/%2B56225550100?a=1&b=%20' });
    expect(upstream.seen[0]?.headers).toMatchObject({ authorization: 'Bearer the-key', 'idempotency-key': 'k1', 'x-request-id': 'asked-1', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({ route: 'main' });
  });

  it('goes on with the caller’s trace, and gives a request without an id one', async () => {
    await api.expect('GET', '/api/tenants', undefined, { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` });
    expect(upstream.seen[0]?.headers['traceparent']).toMatch(new RegExp(`^00-${'ab'.repeat(16)}-[0-9a-f]{16}-01$`));
    expect(upstream.seen[0]?.headers['traceparent']).not.toContain('cd'.repeat(8));
    const answer = await api.send('GET', '/api/tenants');
    expect(answer.headers.get('x-request-id')).toBe(upstream.seen[1]?.headers['x-request-id']);
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('keeps the Origin it has allowed from the service, whose own address it would be foreign to', async () => {
    const answer = await api.send('GET', '/api/tenants', undefined, { origin: 'https://console.example' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://console.example');
    expect(upstream.seen[0]?.headers).not.toHaveProperty('origin');
    expect(await api.withKey(undefined).send('OPTIONS', '/api/tenants', undefined, { origin: 'https://console.example' })).toMatchObject({ status: 204 });
  });

  it('streams both ways: neither waits for the end of the other', async () => {
    const firstSeen = Promise.withResolvers<string>();
    upstream.answer = (request, response) => {
      request.once('data', (chunk: Buffer) => {
        firstSeen.resolve(chunk.toString());
        response.write('part one,');
      });
      request.on('end', () => response.end('part two'));
    };
    const { port } = new URL(door.url);
    const sent = httpRequest({ port, method: 'POST', path: '/api/tenants', headers: { authorization: 'Bearer the-key', 'content-type': 'text/plain' } });
    sent.write('begin');
    expect(await firstSeen.promise).toBe('begin');
    const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await new Promise((resolve) => response.once('data', resolve));
    expect(text).toBe('part one,');
    sent.end('end');
    await new Promise((resolve) => response.once('end', resolve));
    expect(text).toBe('part one,part two');
  });

  it('asks once, also when a service answers 503', async () => {
    upstream.answer = (_request, response) => response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' }).end('{"code":"database_away"}');
    expect(await api.send('GET', '/api/tenants')).toMatchObject({ status: 503, body: { code: 'database_away' } });
    expect(upstream.seen).toHaveLength(1);
  });

  it('says which service is away and that nothing was done', async () => {
    const answer = await api.send<{ detail: string }>('GET', '/api/tickets');
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:troncal:problem:service_away', code: 'service_away' } });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(answer.body.detail).toMatch(/^ticketing can't be reached .*so nothing was done.*\/health\/ready/);
    expect(await api.send('GET', '/api/calls/1')).toMatchObject({ status: 503, body: { code: 'service_away', detail: expect.stringContaining('ari-gateway has no address here') as string } });
  });

  it('does not know what became of a request when the service breaks off', async () => {
    upstream.answer = (request) => void request.socket.destroy();
    expect(await api.send('POST', '/api/tenants', {})).toMatchObject({ status: 502, body: { code: 'service_broke_off', detail: expect.stringContaining('is not known') as string } });
  });

  it('passes what signs itself on as it came, byte for byte, and asks for no key', async () => {
    const parts: Buffer[] = [];
    upstream.answer = (request, response) => {
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end('<Response/>'));
    };
    // What a signature covers, in forms that are easily tidied: lower-case escapes, escapes of what needs none, a plus, an empty value, the order.
    const url = "/twilio/voice/step?flow=b%2Bc+d&a=%7e%41&empty=&a='x'(!*)&tail";
    const form = 'From=%2B56229145248&To=sip%3a202%40x&Digits=&SpeechResult=a+b%20c';
    const headers = ['Host: troncal.example', 'X-Twilio-Signature: AbC/+0=', 'I-Twilio-Idempotency-Token: 7f', 'Content-Type: application/x-www-form-urlencoded; charset=UTF-8', `Content-Length: ${form.length}`];
    const answer = await answerTo(`POST ${url} HTTP/1.1\r\n${headers.join('\r\n')}\r\nConnection: close\r\n\r\n${form}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [^]*<Response\/>/);
    expect(upstream.seen[0]).toMatchObject({ method: 'POST', url, headers: { 'x-twilio-signature': 'AbC/+0=', 'i-twilio-idempotency-token': '7f', 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'content-length': String(form.length) } });
    expect(Buffer.concat(parts).toString('latin1')).toBe(form);
    upstream.answer = json;
    expect(await api.withKey(undefined).send('GET', '/sheets/c2hlZXQ')).toMatchObject({ status: 200 });
    expect(upstream.seen[1]).toMatchObject({ method: 'GET', url: '/sheets/c2hlZXQ' });
  });

  /** Sends bytes as they are; what is answered, up to TwiML's end. */
  async function answerTo(text: string): Promise<string> {
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    socket.write(text, 'latin1');
    let answer = '';
    for await (const chunk of socket) if ((answer += String(chunk)).includes('<Response/>')) break;
    return answer;
  }

  const wrong = { authorization: 'Bearer wrong' };
  const foreign = { authorization: 'Bearer the-key', origin: 'https://evil.example' };
  it.each([
    ['no key', 'GET', '/api/tenants', {}, 401, 'no_api_key'],
    ['a wrong key', 'GET', '/api/tenants', wrong, 401, 'wrong_api_key'],
    ['no key and an unknown path', 'GET', '/nowhere', {}, 401, 'no_api_key'],
    ['a foreign Origin', 'POST', '/api/tenants', foreign, 403, 'foreign_origin'],
    ['a foreign Origin at the health check', 'GET', '/health/ready', foreign, 403, 'foreign_origin'],
    ['an unknown path', 'GET', '/nowhere?x=1', { authorization: 'Bearer the-key' }, 404, 'not_found'],
    ['an unknown segment', 'DELETE', '/api/pbx', { authorization: 'Bearer the-key' }, 404, 'not_found'],
    ['a segment that only begins like one', 'GET', '/api/tenantsx', { authorization: 'Bearer the-key' }, 404, 'not_found'],
    ['an address that is none', 'GET', '/api/tenants/%zz', { authorization: 'Bearer the-key' }, 400, 'bad_request'],
    ['a way out of the segment', 'GET', '/api/tenants/%2e%2e/calls', { authorization: 'Bearer the-key' }, 400, 'bad_request'],
    ['a way out of what needs no key', 'GET', '/twilio/../api/tenants', {}, 400, 'bad_request'],
    ['a hidden way out of what needs no key', 'GET', '/sheets/%2e%2e/api/tenants', {}, 400, 'bad_request'],
    ['the name alone of what needs no key', 'GET', '/twilio', {}, 401, 'no_api_key'],
    ['a request where streams arrive', 'GET', '/media/twilio', {}, 401, 'no_api_key'],
    ['a plain way out of the segment', 'GET', '/api/tenants/../../metrics', { authorization: 'Bearer the-key' }, 400, 'bad_request'],
  ])('refuses %s', async (_case, method, path, headers, status, code) => {
    const { answer, type } = await raw(method, path, headers);
    expect({ status: answer.status, code: answer.code, problem: answer.type }).toEqual({ status, code, problem: `urn:troncal:problem:${code}` });
    expect(type).toMatch(/^application\/problem\+json/);
    expect(upstream.seen).toEqual([]);
  });

  /** Sends the path as it is: fetch would tidy it. */
  async function raw(method: string, path: string, headers: Record<string, string>): Promise<{ answer: { status: number; code: string; type: string }; type: string }> {
    const { port } = new URL(door.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(`${[`${method} ${path} HTTP/1.1`, 'host: door', 'connection: close', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toContain(` ${(JSON.parse(body) as { status: number }).status} `);
    return { answer: JSON.parse(body) as { status: number; code: string; type: string }, type: /content-type: (.*)/i.exec(head)?.[1] ?? '' };
  }

  it('refuses an unknown path whatever the body is', async () => {
    expect(await api.send('POST', '/api/nowhere', { whole: true })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await api.send('POST', '/api/nowhere', 'text', { 'content-type': 'application/x-unheard-of' })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await api.send('POST', '/api/nowhere', '{"broken')).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
  });

  it('tells what there is', async () => {
    expect(await api.expect('GET', '/api')).toMatchObject({ name: 'Troncal', segments: expect.arrayContaining([{ path: '/api/tenants', service: 'provisioning' }]) as unknown });
    expect(await api.withKey(undefined).send('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });
  });

  it('is ready when every service is, and names those that are not', async () => {
    const everyone = (origin: string): string => JSON.stringify(Object.fromEntries(SERVICE_NAMES.map((name) => [name, origin])));
    const whole = await startService({ ...env, UPSTREAMS: everyone(upstream.origin) });
    try {
      const health = new ApiClient(whole.url, undefined);
      expect(await health.send('GET', '/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
      upstream.answer = (_request, response) =>
        response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify({ ready: false, checks: [{ name: 'database', state: 'not_ready', reason: 'It is away.' }, { name: 'bus', state: 'ready' }] }));
      expect(await health.send('GET', '/health/ready')).toMatchObject({
        status: 503,
        body: { ready: false, checks: SERVICE_NAMES.map((name) => ({ name, state: 'not_ready', reason: 'database: It is away.' })) },
      });
    } finally {
      await whole.close();
    }
  });

  it('asks another replica of a service when one is gone, and is ready while one is', async () => {
    const other = new Upstream();
    const [first, second] = [new Upstream(), await other.listen()];
    const replicas = await startService({ ...env, UPSTREAMS: JSON.stringify({ provisioning: [await first.listen(), second] }), LEFT_OUT: SERVICE_NAMES.filter((name) => name !== 'provisioning').join(',') });
    try {
      const asker = new ApiClient(replicas.url, 'the-key');
      await asker.expect('GET', '/api/tenants/demo?a=1');
      expect([first.seen.length, other.seen.length]).toEqual([1, 0]);
      await first.close();
      const answers = [await asker.send('GET', '/api/tenants/demo'), await asker.send('GET', '/api/tenants/demo'), await asker.send('POST', '/api/tenants', { code: 'demo' })];
      expect(answers.map(({ status }) => status)).toEqual([503, 200, 200]);
      expect(other.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /api/tenants/demo', 'POST /api/tenants']);
      expect(await asker.send('GET', '/health/ready')).toMatchObject({ status: 200 });
    } finally {
      await replicas.close();
      await other.close();
    }
  });

  it('tells what any replica of a service lacks, and is ready all the same', async () => {
    const lacking = new Upstream();
    lacking.answer = (_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ready: true, checks: [{ name: 'edges', state: 'degraded', reason: 'One is away.' }] }));
    const [whole, lame] = [new Upstream(), await lacking.listen()];
    const door = await startService({ ...env, UPSTREAMS: JSON.stringify({ provisioning: [await whole.listen(), lame] }), LEFT_OUT: SERVICE_NAMES.filter((name) => name !== 'provisioning').join(',') });
    try {
      const report = await new ApiClient(door.url, undefined).send<{ checks: unknown[] }>('GET', '/health/ready');
      expect(report).toMatchObject({ status: 200, body: { ready: true } });
      expect(report.body.checks).toContainEqual({ name: 'provisioning', state: 'degraded', reason: 'edges: One is away.' });
    } finally {
      await door.close();
      await whole.close();
      await lacking.close();
    }
  });

  it('counts what was left out by choice as ready, and nothing else that is missing', async () => {
    const report = await api.withKey(undefined).send<{ checks: { name: string; state: string; reason?: string }[] }>('GET', '/health/ready');
    expect(report.status).toBe(503);
    expect(report.body.checks.filter((check) => check.state === 'not_ready').map((check) => check.name)).toEqual(SERVICE_NAMES.filter((name) => name !== 'provisioning'));
    expect(report.body.checks.find((check) => check.name === 'ticketing')?.reason).toContain('does not answer');
    const some = await startService({ ...env, LEFT_OUT: `${SERVICE_NAMES.filter((name) => name !== 'provisioning').join(', ')},asterisk` });
    try {
      const whole = await new ApiClient(some.url, undefined).send('GET', '/health/ready');
      expect(whole).toMatchObject({ status: 200, body: { ready: true, checks: expect.arrayContaining([expect.objectContaining({ name: 'asterisk', state: 'left_out' })]) as unknown } });
    } finally {
      await some.close();
    }
  });

  it('names every wrong setting at once', async () => {
    await expect(startService({ ...env, HTTP_PORT: 'x', UPSTREAMS: '{"nobody":"http://h","provisioning":"ftp://h"}' })).rejects.toThrow(expect.objectContaining({ faults: ['HTTP_PORT', 'UPSTREAMS'].map((where) => expect.objectContaining({ where }) as unknown) }));
    await expect(startService({ ...env, UPSTREAMS: 'provisioning=http://h' })).rejects.toThrow('a JSON object of service names to http addresses');
  });
});
