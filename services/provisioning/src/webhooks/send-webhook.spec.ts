import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sendWebhook } from './send-webhook.js';
import { signedHeaders } from './sign-webhook.js';
import { nextWaitMs, newWebhookSecret } from './webhook.js';
import { isPublicAddress, webhookUrl } from './webhook-address.js';

describe('the signature', () => {
  it('is the one of the example that Standard Webhooks’ libraries are tested with', () => {
    const headers = signedHeaders({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' }, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is one per secret, with a space between', () => {
    const secrets = [newWebhookSecret(), newWebhookSecret()];
    const message = { id: 'a', timestamp: 1, body: '{}' };
    const both = signedHeaders(message, secrets)['webhook-signature'].split(' ');
    expect(both).toEqual(secrets.map((secret) => signedHeaders(message, [secret])['webhook-signature']));
    expect(new Set(both).size).toBe(2);
    for (const secret of secrets) expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  });
});

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001:81c::200e'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.168.1.1', '198.18.0.1', '203.0.113.9', '224.0.0.1', '255.255.255.255',
    '::', '::1', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:a00:1::', '2001:db8::1', 'not an address', '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('of a URL is read as a browser reads it, in whatever way it is written', () => {
    for (const url of ['https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://[::1]/', 'https://[::ffff:169.254.169.254]/', 'https://0/', 'https://10.0.0.1:8443/hook']) {
      expect(() => webhookUrl(url, false)).toThrow(/not public/);
    }
    for (const url of ['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'https://u:p@example.com/', 'https://example.com/#x', 'example.com', '']) expect(() => webhookUrl(url, false)).toThrow(/No webhook/);
    expect(webhookUrl('https://crm.example.com/hook?tenant=1', false).href).toBe('https://crm.example.com/hook?tenant=1');
    expect(webhookUrl('http://127.0.0.1:99/', true).port).toBe('99');
  });
});

describe('sending', () => {
  it('does not even connect where a name leads to a private address', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const message = { url: `https://localhost:${String(port)}/`, id: 'a', body: '{}', secrets: [newWebhookSecret()] };
      expect(await sendWebhook(message, { timeoutMs: 5_000, allowPrivate: false })).toEqual({ delivered: false, status: null, gone: false, reason: 'its name leads to a private address' });
      expect(connections).toBe(0);
      // The same with leave: it is the guard that kept it from there.
      expect(await sendWebhook(message, { timeoutMs: 5_000, allowPrivate: true })).toMatchObject({ delivered: false });
      expect(connections).toBeGreaterThan(0);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('the waits', () => {
  it('are those of the settings, a tenth more or less, and end', () => {
    const waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(waits.map((_, index) => nextWaitMs(waits, index + 1, 0.5))).toEqual(waits.map((seconds) => seconds * 1_000));
    expect(nextWaitMs(waits, waits.length + 1)).toBeUndefined();
    fc.assert(fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, random) => {
      const wait = nextWaitMs(waits, failures, random) ?? 0;
      const full = (waits[failures - 1] ?? 0) * 1_000;
      expect(Math.abs(wait - full)).toBeLessThanOrEqual(full / 10);
    }));
    expect(waits.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThan(3 * 86_400);
  });
});
