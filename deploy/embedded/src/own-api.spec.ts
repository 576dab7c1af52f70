import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OwnApi } from './own-api.js';

let server: http.Server;
let away = 0;
let keys: (string | undefined)[] = [];
beforeEach(async () => {
  keys = [];
  server = http.createServer((request, response) => {
    keys.push(request.headers['idempotency-key'] as string | undefined);
    response.statusCode = keys.length <= away ? 503 : 200;
    response.end(JSON.stringify({ path: request.url, key: request.headers.authorization }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());
const api = (stopping = false): OwnApi => new OwnApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'trk_key', () => stopping);

it('asks a service that is away for a moment again, as one request', async () => {
  away = 2;
  expect(await api().ask('PUT', '/api/edges/two', {})).toEqual({ status: 200, body: '{"path":"/api/edges/two","key":"Bearer trk_key"}' });
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

it('hands the refusal on when the launcher is stopping', async () => {
  away = 9;
  expect(await api(true).ask('GET', '/api/tenants/demo')).toMatchObject({ status: 503 });
  expect(keys).toEqual([undefined]);
});
