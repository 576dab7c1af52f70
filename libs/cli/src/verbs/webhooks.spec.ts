import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { webhookViewSchema } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const view = webhookViewSchema.parse({
  id: 'w1', url: 'https://crm.example.com/hook', types: ['calls.*'], description: 'CRM', disabled: null, failingSince: null, lastSuccessAt: '2026-11-30T14:00:00.000Z', lastFailure: null,
  oldSecretUntil: null, createdAt: '2026-11-30T13:00:00.000Z',
});
const off = { ...view, disabled: { at: '2026-11-30T14:00:00.000Z', reason: 'it answered 410: it wants no more' } };

describe('troncal webhooks', () => {
  let api: LocalApi;
  let taken = true;
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/tenants/acme/webhooks': { body: { webhooks: [view, off] } },
      'POST /api/tenants/acme/webhooks': { status: 201, body: { ...view, secret: 'whsec_abc' } },
      'PATCH /api/tenants/acme/webhooks/w1': (asked) => ({ body: (asked.body as { enabled: boolean }).enabled ? view : off }),
      'DELETE /api/tenants/acme/webhooks/w1': { status: 204 },
      'POST /api/tenants/acme/webhooks/w1/rotate': { body: { ...view, secret: 'whsec_def', oldSecretUntil: '2026-12-01T13:00:00.000Z' } },
      'POST /api/tenants/acme/webhooks/w1/test': () => ({ body: taken ? { delivered: true, status: 200, reason: null, tookMs: 12 } : { delivered: false, status: 401, reason: 'it answered 401', tookMs: 12 } }),
      'POST /api/tenants/acme/webhooks/w1/replay': { body: { queued: 3 } },
      'GET /api/tenants/acme/webhooks/w1/deliveries': {
        body: { deliveries: [{ id: 'e1', type: 'CallEnded.v1', time: '2026-11-30T14:00:00.000Z', state: 'pending', attempts: 2, nextTryAt: '2026-11-30T14:05:00.000Z', lastStatus: 503, lastFailure: 'it answered 503' }] },
      },
    });
  });
  afterAll(() => api.close());
  const troncal = (...argv: readonly string[]) => api.troncal('webhooks', ...argv, '--tenant', 'acme');

  it('add shows the secret once, or writes it where only its owner may read', async () => {
    const ran = await troncal('add', 'https://crm.example.com/hook', '--types', 'calls.*', '--description', 'CRM');
    expect(ran.out).toMatch(/secret +whsec_abc {3}\(shown only now\)/);
    expect(api.asked.at(-1)?.body).toEqual({ url: 'https://crm.example.com/hook', types: ['calls.*'], description: 'CRM' });
    const file = join(dirname(api.keyFile), 'secret');
    expect((await troncal('add', 'https://crm.example.com/hook', '--secret-file', file, '-o', 'json')).out).not.toContain('whsec_abc');
    expect(readFileSync(file, 'utf8')).toBe('whsec_abc\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('list says who takes events and who does not', async () => {
    const { out } = await troncal('list');
    expect(out).toMatch(/w1 +https:\/\/crm\.example\.com\/hook +calls\.\* +2026-11-30 14:00 +on\n/);
    expect(out).toContain('off: it answered 410: it wants no more');
  });

  it('test, replay, deliveries, rotate, disable, enable and remove do what they say', async () => {
    expect((await troncal('test', 'w1')).out).toBe('taken (200) in 12 ms\n');
    taken = false;
    expect(await troncal('test', 'w1')).toMatchObject({ code: EXIT.failed, out: 'not taken: it answered 401\n' });
    expect((await troncal('replay', 'w1', '--since', '2026-11-30T08:00:00Z')).out).toBe('3 events are sent again\n');
    expect(api.asked.at(-1)?.body).toEqual({ since: '2026-11-30T08:00:00Z', delivered: false });
    expect((await troncal('deliveries', 'w1')).out).toMatch(/e1 +CallEnded\.v1 .*pending +2 +2026-11-30 14:05:00 +it answered 503/);
    expect((await troncal('rotate', 'w1')).out).toMatch(/whsec_def.*\n.*signs too until 2026-12-01/);
    expect((await troncal('disable', 'w1')).out).toContain('off: it answered 410');
    expect((await troncal('enable', 'w1')).out).toMatch(/state +on/);
    expect((await troncal('remove', 'w1')).out).toBe('w1 is removed\n');
  });

  it.each([
    ['add', 'https://x.example', '--types', 'Nonsense.v1'],
    ['replay', 'w1', '--since', 'yesterday'],
  ])('refuses %s %s %s %s before anything is sent', async (...argv) => {
    const before = api.asked.length;
    expect((await troncal(...argv)).code).toBe(EXIT.usage);
    expect(api.asked).toHaveLength(before);
  });
});
