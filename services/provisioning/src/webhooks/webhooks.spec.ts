import { randomBytes } from 'node:crypto';
import { CallEndedV1, CallStartedV1, WebhookDisabledV1, type WebhookDeliveryView, type WebhookView } from '@troncal/contracts';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { EventSource, eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Receiver } from '../../test/receiver.js';
import { startService } from '../index.js';

let under: ServiceUnderTest;
let gateway: EventSource;
let db: Database;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.open();
  under = await startUnderTest('provisioning', startService, {
    tenants: ['other'],
    env: { WEBHOOK_ALLOW_PRIVATE: 'true', WEBHOOK_TIMEOUT_SECONDS: '3', WEBHOOK_RETRY_SECONDS: '0,0,0' },
    files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('hex') },
  });
  gateway = await EventSource.open(under.nats, 'ari-gateway');
  db = new Database({ url: under.database.appUrl, schema: under.database.schema, logger: createLogger({ service: 'spec', level: 'silent' }), applicationName: 'spec' });
});
afterAll(async () => {
  await db?.close();
  await gateway?.close();
  await under?.stop();
  await receiver?.close();
});

let count = 0;
/** A webhook of a tenant of its own, at a path of its own. */
async function webhook(types: readonly string[] = ['*'], more: object = {}): Promise<WebhookView & { readonly tenant: string; readonly path: string; readonly at: string; readonly secret: string }> {
  const tenant = `w${String((count += 1))}`;
  const path = `/${tenant}`;
  const made = await under.api.expect<WebhookView>('POST', `/api/tenants/${tenant}/webhooks`, { url: `${receiver.url}${path}`, types, ...more });
  return { ...made, secret: made.secret ?? '', tenant, path, at: `/api/tenants/${tenant}/webhooks/${made.id}` };
}
const callOf = (n: number): string => `0198c2d4-5a11-7b1e-8f6e-${String(n).padStart(12, '0')}`;
const started = (tenant: string, n = 1) => gateway.publish(CallStartedV1, { tenant, subject: callOf(n), data: { ...(CallStartedV1.example as (typeof CallStartedV1 extends { encode(data: infer D): unknown } ? D : never)), callId: callOf(n) } });
const ended = (tenant: string, n = 1) => gateway.publish(CallEndedV1, { tenant, subject: callOf(n), data: { ...(CallEndedV1.example as (typeof CallEndedV1 extends { encode(data: infer D): unknown } ? D : never)), callId: callOf(n) } });
const arrived = (path: string, least = 1) => eventually(`${String(least)} at ${path}`, () => (receiver.at(path).length >= least ? receiver.at(path) : undefined), 30_000);
const deliveries = async (at: string): Promise<WebhookDeliveryView[]> => (await under.api.expect<{ deliveries: WebhookDeliveryView[] }>('GET', `${at}/deliveries`)).deliveries;
const until = (at: string, fits: (all: WebhookDeliveryView[]) => boolean) =>
  eventually(`deliveries of ${at}`, async () => {
    const all = await deliveries(at);
    return fits(all) ? all : undefined;
  }, 40_000);

// Each has a tenant and a path of its own, and mostly waits.
describe.concurrent('a webhook', () => {
  it('gets the events of its tenant, signed, under the id of the event', async () => {
    const mine = await webhook();
    const event = await started(mine.tenant);
    const [got] = await arrived(mine.path);
    expect(got?.verified(mine.secret)).toBe(true);
    expect(got?.verified(`whsec_${randomBytes(32).toString('base64')}`)).toBe(false);
    expect(got?.headers['webhook-id']).toBe(event.id);
    expect(got?.headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'Troncal-Webhooks/1' });
    expect(got?.json()).toEqual({ type: 'CallStarted.v1', timestamp: event.time, data: event.data, id: event.id, tenant: mine.tenant, subject: event.subject, sequence: 1, correlationId: event.correlationid });
    await until(mine.at, ([only]) => only?.state === 'delivered' && only.attempts === 1);
  });

  it('gets only the types that it has asked for, and nothing of another tenant', async () => {
    const [calls, one, other] = [await webhook(['calls.*']), await webhook(['CallEnded.v1', 'tenants.*']), await webhook(['voice.*'])];
    for (const { tenant } of [calls, one, other]) {
      await started(tenant);
      await ended(tenant);
    }
    expect((await arrived(calls.path, 2)).map((got) => got.json()['type'])).toEqual(expect.arrayContaining(['CallEnded.v1', 'CallStarted.v1']));
    expect((await arrived(one.path)).map((got) => got.json()['type'])).toEqual(['CallEnded.v1']);
    expect(receiver.at(other.path)).toEqual([]);
    for (const { path, tenant } of [calls, one]) for (const got of receiver.at(path)) expect(got.json()['tenant']).toBe(tenant);
  });

  it('is tried again under the same id and with the same bytes, until it takes it', async () => {
    const mine = await webhook();
    receiver.answer(mine.path, [500, 302, 204]);
    await started(mine.tenant);
    const tries = await arrived(mine.path, 3);
    expect(new Set(tries.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    expect(tries.every((got) => got.verified(mine.secret))).toBe(true);
    await until(mine.at, ([only]) => only?.state === 'delivered' && only.attempts === 3);
    expect(await under.api.expect('GET', mine.at)).toMatchObject({ failingSince: null, lastFailure: null, disabled: null, lastSuccessAt: expect.any(String) as string });
  });

  it('that does not answer is left after the timeout, and the others are served meanwhile', async () => {
    const [silent, lively] = [await webhook(), await webhook()];
    receiver.answer(silent.path, ['silence', 'silence', 200]);
    for (let n = 1; n <= 8; n += 1) await started(silent.tenant, n);
    await started(lively.tenant);
    await arrived(lively.path);
    const all = await until(silent.at, (listed) => listed.length === 8 && listed.every(({ state }) => state === 'delivered'));
    expect(all.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(10);
  });

  it('is switched off when the last try failed too and nothing else was taken meanwhile, and says so', async () => {
    const mine = await webhook(['CallStarted.v1']);
    receiver.answer(mine.path, [503]);
    await started(mine.tenant);
    const event = await under.seen(WebhookDisabledV1, ({ subject }) => subject === mine.id);
    expect(event).toMatchObject({ tenantid: mine.tenant, data: { host: new URL(receiver.url).host, reason: expect.stringContaining('it answered 503') as string } });
    expect(await deliveries(mine.at)).toMatchObject([{ state: 'failed', attempts: 4, lastStatus: 503 }]);
    expect(await under.api.expect('GET', mine.at)).toMatchObject({ disabled: { reason: expect.stringContaining('4 tries') as string }, lastFailure: 'it answered 503' });

    // What comes now is held; switched on again it's sent by a replay, under the ids of then.
    const before = receiver.at(mine.path).length;
    const late = await started(mine.tenant, 2);
    await until(mine.at, (all) => all.some(({ id, state }) => id === late.id && state === 'held'));
    receiver.answer(mine.path, [200]);
    await under.api.expect('PATCH', mine.at, { enabled: true });
    expect(await under.api.expect('POST', `${mine.at}/replay`, { since: '2020-01-01T00:00:00Z' })).toEqual({ queued: 2 });
    const replayed = (await arrived(mine.path, before + 2)).slice(before);
    expect(replayed.map(({ headers }) => headers['webhook-id'])).toContain(late.id);
    await until(mine.at, (all) => all.every(({ state }) => state === 'delivered'));
    expect(await under.api.expect('POST', `${mine.at}/replay`, { since: '2020-01-01T00:00:00Z' })).toEqual({ queued: 0 });
    expect(await under.api.expect('POST', `${mine.at}/replay`, { since: '2020-01-01T00:00:00Z', delivered: true })).toEqual({ queued: 2 });
  });

  it('that took other things meanwhile stays on when one event can’t be delivered', async () => {
    const mine = await webhook(['CallStarted.v1', 'CallEnded.v1']);
    receiver.answer(mine.path, (got) => (got.json()['type'] === 'CallStarted.v1' ? 500 : 200));
    await started(mine.tenant, 1);
    await ended(mine.tenant, 2);
    await until(mine.at, (all) => all.some(({ state }) => state === 'delivered') && all.some(({ state }) => state === 'failed'));
    expect(await under.api.expect('GET', mine.at)).toMatchObject({ disabled: null });
  });

  it('that says it is gone (410) is switched off at once', async () => {
    const mine = await webhook(['CallStarted.v1']);
    receiver.answer(mine.path, [410]);
    await started(mine.tenant);
    await under.seen(WebhookDisabledV1, ({ subject, data }) => subject === mine.id && data.reason.includes('410'));
    expect(receiver.at(mine.path)).toHaveLength(1);
  });

  it('gets two signatures while its secret is being replaced', async () => {
    const mine = await webhook();
    const { secret = '', oldSecretUntil } = await under.api.expect<WebhookView>('POST', `${mine.at}/rotate`);
    expect(Date.parse(oldSecretUntil ?? '')).toBeGreaterThan(Date.now());
    await started(mine.tenant, 1);
    const [during] = await arrived(mine.path);
    expect([during?.verified(mine.secret), during?.verified(secret)]).toEqual([true, true]);
    await db.run(`UPDATE webhooks SET old_until = now() - interval '1 second' WHERE id = $1`, [mine.id]);
    await started(mine.tenant, 2);
    const after = (await arrived(mine.path, 2))[1];
    expect([after?.verified(mine.secret), after?.verified(secret)]).toEqual([false, true]);
  });

  it('can be tried by a test message, and says how that went', async () => {
    const mine = await webhook();
    expect(await under.api.expect('POST', `${mine.at}/test`)).toMatchObject({ delivered: true, status: 200, reason: null });
    expect(receiver.at(mine.path)[0]?.json()).toMatchObject({ type: 'webhook.test', data: { webhook: mine.id } });
    expect(receiver.at(mine.path)[0]?.verified(mine.secret)).toBe(true);
    receiver.answer(mine.path, [401]);
    expect(await under.api.expect('POST', `${mine.at}/test`)).toMatchObject({ delivered: false, status: 401, reason: 'it answered 401' });
    expect(await deliveries(mine.at)).toEqual([]);
  });
});

describe.concurrent('looking after webhooks', () => {
  it('shows a secret once, and never again, nor in the table or an event', async () => {
    const mine = await webhook();
    expect(mine.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { webhooks } = await under.api.expect<{ webhooks: WebhookView[] }>('GET', `/api/tenants/${mine.tenant}/webhooks`);
    expect(webhooks).toMatchObject([{ id: mine.id, types: ['*'], disabled: null }]);
    const stored = JSON.stringify(await db.query('SELECT * FROM webhooks'));
    for (const text of [JSON.stringify(webhooks), stored, JSON.stringify(under.events)]) expect(text).not.toContain(mine.secret.slice(6));
  });

  it('changes and removes one', async () => {
    const mine = await webhook();
    expect(await under.api.expect('PATCH', mine.at, { types: ['CallEnded.v1'], description: 'CRM' })).toMatchObject({ types: ['CallEnded.v1'], description: 'CRM', url: mine.url });
    expect(await under.api.expect('PATCH', mine.at, { enabled: false })).toMatchObject({ disabled: { reason: 'switched off by its owner' } });
    await under.api.expect('DELETE', mine.at);
    expect(await under.api.send('GET', mine.at)).toMatchObject({ status: 404, body: { code: 'unknown_webhook' } });
  });

  it('ends with its tenant', async () => {
    await under.api.expect('POST', '/api/tenants', { code: 'leaving', name: 'Leaving', country: 'CL', timeZone: 'America/Santiago' });
    const { id } = await under.api.expect<WebhookView>('POST', '/api/tenants/leaving/webhooks', { url: `${receiver.url}/leaving`, types: ['tenants.*'] });
    await under.api.expect('DELETE', '/api/tenants/leaving');
    const gone = await eventually('it is gone', async () => ((await under.api.send('GET', `/api/tenants/leaving/webhooks/${id}`)).status === 404 ? 'gone' : undefined), 30_000);
    expect(gone).toBe('gone');
  });

  it.each([
    [{ url: 'ftp://example.com' }, 'bad_webhook_url'],
    [{ url: 'https://u:p@example.com' }, 'bad_webhook_url'],
    [{ url: 'https://example.com', types: ['Nonsense.v1'] }, 'validation_failed'],
    [{ url: 'https://example.com', types: [] }, 'validation_failed'],
    [{}, 'validation_failed'],
  ])('refuses %j', async (body, code) => {
    expect(await under.api.send('POST', '/api/tenants/acme/webhooks', body)).toMatchObject({ status: 422, body: { code } });
  });

  it('has no room for more than twenty of a tenant, also when they come at once', async () => {
    const add = () => under.api.send('POST', '/api/tenants/many/webhooks', { url: 'https://example.com/' });
    const statuses = (await Promise.all(Array.from({ length: 25 }, add))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    expect(statuses.filter((status) => status === 409)).toHaveLength(5);
  });

  it('is the tenant’s own affair', async () => {
    const mine = await webhook();
    const other = under.apiOf('other');
    for (const [method, path, body] of [['GET', mine.at, undefined], ['PATCH', mine.at, { enabled: false }], ['POST', `${mine.at}/rotate`, undefined], ['POST', `${mine.at}/test`, undefined], ['DELETE', mine.at, undefined]] as const) {
      expect(await other.send(method, path, body)).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    }
    // Under its own tenant another's id leads nowhere.
    expect(await other.send('POST', `/api/tenants/other/webhooks/${mine.id}/replay`, { since: '2020-01-01T00:00:00Z' })).toMatchObject({ status: 404, body: { code: 'unknown_webhook' } });
  });
});
