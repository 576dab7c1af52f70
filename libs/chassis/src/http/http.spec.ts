import { connect } from 'node:net';
import { problemSchema, type Problem } from '@troncal/contracts';
import { eventually, startNats, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNotes, type NotesService } from '../../test/notes-service.js';

let nats: NatsServer;
let notes: NotesService;
beforeAll(async () => {
  nats = await startNats();
  notes = await startNotes(nats.login('ticketing'), { keys: { 'acme-key': 'acme' } });
  await eventually('it is ready', notes.ready, 20_000);
});
afterAll(async () => {
  await notes?.close();
  await nats?.stop();
});

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const problem = problemSchema.parse(await response.json());
  expect(problem).toMatchObject({ status: response.status, type: `urn:troncal:problem:${problem.code}`, instance: `urn:troncal:request:${response.headers.get('x-request-id')}` });
  return problem;
}
const post = (body: string, headers: Record<string, string> = {}): Promise<Response> => notes.ask('/api/notes', { method: 'POST', body, headers });

describe('bad input', () => {
  it.each([
    ['malformed JSON', '{"text":', {}, 400, 'malformed_json'],
    ['no body', '', {}, 400, 'malformed_json'],
    ['a body of another type', '<text/>', { 'content-type': 'text/xml' }, 415, 'unsupported_media_type'],
    ['a body that is too large', JSON.stringify({ text: 'x'.repeat(20_000) }), {}, 413, 'body_too_large'],
    ['a body that is no object', '[1]', {}, 422, 'validation_failed'],
    ['null', 'null', {}, 422, 'validation_failed'],
    ['a poisoned prototype', '{"text":"a","__proto__":{"admin":true}}', {}, 400, 'malformed_json'],
  ])('%s is one clear problem', async (_, body, headers, status, code) => {
    const response = await post(body, headers);
    expect(await problemOf(response)).toMatchObject({ status, code });
  });

  it('has every fault named at once: wrong types, unknown fields, at any depth', async () => {
    const body = { text: 7, surprise: 1, tags: [{ name: 'a', colour: 'red' }, { name: 5 }], due: { kind: 'never', day: '2026-01-01' } };
    const problem = await problemOf(await post(JSON.stringify(body)));
    expect(problem.errors?.map((error) => error.path).toSorted()).toEqual(['/due/day', '/surprise', '/tags/0/colour', '/tags/1/name', '/text']);
    expect(await (await notes.ask('/api/notes')).json()).toEqual([]);
  });

  it('in query and path is refused too', async () => {
    expect(await problemOf(await notes.ask('/api/notes?limit=99&other=1'))).toMatchObject({ status: 422, errors: [{ path: '/limit' }, { path: '/other' }] });
    expect(await problemOf(await notes.ask('/api/notes/of/toolong'))).toMatchObject({ status: 422, errors: [{ path: '/tenant' }] });
    expect(await (await notes.ask('/api/notes?limit=3')).json()).toEqual([]);
  });

  it('is told from unknown addresses and methods', async () => {
    expect(await problemOf(await notes.ask('/nowhere'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await problemOf(await notes.ask('/api/notes', { method: 'PUT', body: '{}' }))).toMatchObject({ status: 404 });
  });
});

describe('a body of a path that keeps them raw', () => {
  it.each([
    ['malformed JSON', '{"text":', 'application/json'],
    ['no JSON', '', 'application/json'],
    ['a form', 'a=1&a=+%2B&b=', 'application/x-www-form-urlencoded; charset=UTF-8'],
    ['text', 'ñ', 'text/plain'],
    ['a type that nobody knows', '<text/>', 'text/xml'],
  ])('comes byte for byte: %s', async (_, body, type) => {
    const response = await notes.ask('/hooks/raw?x=1', { method: 'POST', body, headers: { 'content-type': type } });
    expect(await response.json()).toEqual({ hex: Buffer.from(body).toString('hex') });
  });

  it('is refused when it is too large all the same', async () => {
    expect(await problemOf(await notes.ask('/hooks/raw', { method: 'POST', body: 'x'.repeat(20_000) }))).toMatchObject({ status: 413 });
  });

  it('leaves a form of any other path to be parsed', async () => {
    const form = { method: 'POST', body: new URLSearchParams({ text: 'by form' }), headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect((await notes.ask('/api/notes', form)).status).toBe(201);
  });
});

describe('errors of our own', () => {
  it('keep their code, status and remedy', async () => {
    expect(await problemOf(await notes.ask('/api/notes/permanent', { method: 'DELETE' }))).toMatchObject({ status: 409, code: 'note_locked', detail: 'The note is locked. Unlock it first.' });
    const busy = await notes.ask('/api/notes/transient', { method: 'DELETE' });
    expect(busy.headers.get('retry-after')).toBe('1');
    expect(await problemOf(busy)).toMatchObject({ status: 503, code: 'printer_busy' });
  });

  it('that nobody foresaw say nothing of our insides', async () => {
    const problem = await problemOf(await notes.ask('/api/notes/unforeseen', { method: 'DELETE' }));
    expect(problem).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });
});

describe('who gets in', () => {
  it.each(['/api/notes', '/nowhere', '/health', '/health/live/', '/health/ready/x', '/metricsx', '//health/live', '/hooks', '/hooksx/open'])('nobody without a key: %s', async (path) => {
    const response = await notes.ask(path, { headers: { authorization: '' } });
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'no_api_key' });
  });

  it.each([{ authorization: 'Bearer wrong' }, { authorization: '', 'x-api-key': 'wrong' }, { authorization: 'Bearer id-of-admin' }])('nobody with a wrong key: %j', async (headers) => {
    expect(await problemOf(await notes.ask('/api/notes', { headers }))).toMatchObject({ status: 401, code: 'wrong_api_key' });
  });

  it('who has a key, in either header; health, hooks and (from here) metrics without', async () => {
    expect((await notes.ask('/api/notes')).status).toBe(200);
    expect((await notes.ask('/api/notes', { headers: { authorization: '', 'x-api-key': 'acme-key' } })).status).toBe(200);
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect((await notes.ask(path, { headers: { authorization: '' } })).status).toBe(200);
    expect((await notes.ask('/hooks/open', { method: 'POST', headers: { authorization: '' } })).status).toBe(201);
  });

  it('a form of a page of ours at a public path, which checks by itself who asks', async () => {
    for (const origin of ['null', 'https://our-public-name.example']) {
      expect((await notes.ask('/hooks/open', { method: 'POST', headers: { authorization: '', origin } })).status).toBe(201);
    }
  });

  it('with a key only to its own tenant', async () => {
    const acme = { headers: { authorization: 'Bearer acme-key' } };
    expect(await (await notes.ask('/api/notes/of/acme', acme)).json()).toEqual({ key: 'id-of-acme-key' });
    expect(await problemOf(await notes.ask('/api/notes/of/other', acme))).toMatchObject({ status: 403, code: 'wrong_tenant' });
    expect((await notes.ask('/api/notes/of/other')).status).toBe(200);
  });

  it('no page of a foreign origin, whatever key it has; a listed one may', async () => {
    expect(await problemOf(await notes.ask('/api/notes', { headers: { origin: 'http://evil.example' } }))).toMatchObject({ status: 403, code: 'foreign_origin' });
    expect(await problemOf(await notes.ask('/health/live', { headers: { origin: 'null' } }))).toMatchObject({ status: 403 });
    const allowed = await notes.ask('/api/notes', { headers: { origin: 'http://console.example' } });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://console.example');
    const preflight = await notes.ask('/api/notes', { method: 'OPTIONS', headers: { origin: 'http://console.example', authorization: '' } });
    expect(preflight.status).toBe(204);
  });

  it('whose key was added to the file since the start, and no longer whose was removed', async () => {
    notes.writeKeys({ 'new-key': 'acme' });
    const status = async (key: string): Promise<number> => (await notes.ask('/api/notes', { headers: { authorization: `Bearer ${key}` } })).status;
    await eventually('the new key works', async () => (await status('new-key')) === 200);
    expect(await status('acme-key')).toBe(401);
    notes.writeKeys({ 'acme-key': 'acme' });
  });
});

describe('requests', () => {
  it('carry an id, their own or ours', async () => {
    expect((await notes.ask('/health/live', { headers: { 'x-request-id': 'mine-1' } })).headers.get('x-request-id')).toBe('mine-1');
    expect((await notes.ask('/health/live', { headers: { 'x-request-id': 'not allowed!' } })).headers.get('x-request-id')).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('keep their context though the body comes later than the head', async () => {
    const { hostname, port } = new URL(notes.service.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.write('POST /api/notes HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admin\r\nx-request-id: slow-1\r\ncontent-type: application/json\r\ncontent-length: 10\r\nconnection: close\r\n\r\n{"tex');
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write('t":1}');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer).toContain('x-request-id: slow-1');
    expect(answer).toContain('"instance":"urn:troncal:request:slow-1"');
  });

  it('with an Idempotency-Key are done once', async () => {
    const before = ((await (await notes.ask('/api/notes')).json()) as unknown[]).length;
    const once = { 'idempotency-key': 'k1' };
    const first = await post('{"text":"a"}', once);
    const again = await post('{"text":"a"}', once);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(await again.json()).toEqual(await first.json());
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await problemOf(await post('{"text":"b"}', once))).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
    expect(((await (await notes.ask('/api/notes')).json()) as unknown[]).length).toBe(before + 1);
  });

  it('that were refused free their Idempotency-Key', async () => {
    const once = { 'idempotency-key': 'k2' };
    expect((await post('{"text":7}', once)).status).toBe(422);
    expect((await post('{"text":"mended"}', once)).status).toBe(201);
  });

  it('are measured by route and status', async () => {
    const text = await (await notes.ask('/metrics')).text();
    expect(text).toMatch(/troncal_http_request_seconds_count{service="ticketing",method="POST",route="\/api\/notes",status="201"} \d+/);
    expect(text).toContain('troncal_outbox_waiting_count{service="ticketing"} 0');
    expect(text).toContain('troncal_consumer_lag_count{handler="on-queue-left",stream="EVT_CALLS",service="ticketing"} 0');
  });
});
