import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CallEndedV1, inboxPrefix, type WebhookDeliveryView, type WebhookView } from '@troncal/contracts';
import { ApiClient, apiKeysFile, EventSource, eventually, freePort, killServer, sharedPostgres, spawnServer, startNats, type NatsServer } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Receiver } from '../../test/receiver.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CALL = '0198c2d4-5a11-7b1e-8f6e-6b5a4c3d2e1f';

describe('a process that is killed while a webhook is under way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-webhook-crash-'));
  let nats: NatsServer;
  let receiver: Receiver;
  let env: Record<string, string>;
  let api: ApiClient;
  let child: ReturnType<typeof spawnServer> | undefined;

  beforeAll(async () => {
    receiver = await Receiver.open();
    nats = await startNats();
    const database = await (await sharedPostgres()).createDatabase('provisioning');
    const login = nats.login('provisioning');
    const port = await freePort();
    const keyFile = join(folder, 'credentials.key');
    writeFileSync(keyFile, randomBytes(32).toString('hex'));
    api = new ApiClient(`http://127.0.0.1:${String(port)}`, 'the-key');
    env = {
      ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
      HTTP_PORT: String(port),
      API_KEYS_FILE: apiKeysFile(folder, new Map([['*', 'the-key']])),
      CREDENTIALS_KEY_FILE: keyFile,
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url,
      NATS_USER: login.user,
      NATS_PASSWORD: login.password,
      NATS_INBOX_PREFIX: inboxPrefix(login.user),
      LOG_LEVEL: 'error',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      WEBHOOK_TIMEOUT_SECONDS: '4',
    };
  });
  afterAll(async () => {
    if (child) await killServer(child);
    await receiver.close();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(more: Record<string, string> = {}): Promise<ReturnType<typeof spawnServer>> {
    child = spawnServer([process.execPath, MAIN], { env: { ...env, ...more }, stdio: ['ignore', 'ignore', 'inherit'] });
    await eventually('provisioning is ready', async () => (await api.send('GET', '/health/ready')).status === 200, 60_000);
    return child;
  }

  it.each([
    ['between sending and noting it: it is sent again under the same id', 'webhook.after-send', 2],
    ['after noting it: it is not sent again', 'webhook.after-mark', 1],
  ])('%s', async (_case, label, times) => {
    // Of its own: another webhook of the tenant's would be sent the event too, and might be the one that is killed.
    const tenant = label.replace('webhook.', 't-');
    const path = `/${label}`;
    const killed = await start({ CRASH_AT: label });
    const hook = await api.expect<WebhookView>('POST', `/api/tenants/${tenant}/webhooks`, { url: `${receiver.url}${path}` });
    const gateway = await EventSource.open(nats, 'ari-gateway');
    const gone = once(killed, 'exit');
    const event = await gateway.publish(CallEndedV1, { tenant, subject: CALL, data: { ...(CallEndedV1.example as Parameters<typeof CallEndedV1.encode>[0]), callId: CALL } });
    expect((await gone)[1]).toBe('SIGKILL');
    expect(receiver.at(path)).toHaveLength(1);

    const next = await start();
    await eventually('it is noted', async () => {
      const { deliveries } = await api.expect<{ deliveries: WebhookDeliveryView[] }>('GET', `/api/tenants/${tenant}/webhooks/${hook.id}/deliveries`);
      return deliveries.length === 1 && deliveries[0]?.state === 'delivered';
    }, 50_000);
    expect(receiver.at(path).map(({ headers }) => headers['webhook-id'])).toEqual(Array.from({ length: times }, () => event.id));
    expect(receiver.at(path).every((got) => got.verified(hook.secret ?? ''))).toBe(true);
    expect(new Set(receiver.at(path).map(({ body }) => body)).size).toBe(1);
    await gateway.close();
    await killServer(next);
  });
});
