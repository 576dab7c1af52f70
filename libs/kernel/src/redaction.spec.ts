import { describe, expect, it } from 'vitest';
import { isSecretKey, redactText } from './redaction.js';

describe('redaction of free text', () => {
  it.each([
    ['call from +56 9 8765 4321 to 100', 'call from +56*****4321 to 100'],
    ['dialled 987654321 twice', 'dialled *****4321 twice'],
    ['card 4111 1111 1111 1111 given', 'card [card] given'],
    ['card 4111111111111111', 'card [card]'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it.each([
    'leg 3f1f7a4e-8b1c-4a6e-9f00-123456789012 attached',
    'at 2026-11-21T03:33:41.123Z',
    'listening on 127.0.0.1:8080',
    'event 01KAJ8Y3S6Q8B5K0Z1T2V3W4X5 sent',
    'took 1234567 bytes',
  ])('leaves %s alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('knows secret keys by name', () => {
    for (const key of ['password', 'NATS_PASSWORD', 'apiKey', 'x-api-key', 'authorization', 'accessToken', 'clientSecret', 'ha1']) expect(isSecretKey(key)).toBe(true);
    for (const key of ['tenant', 'keyId', 'monkey', 'spinner', 'from']) expect(isSecretKey(key)).toBe(false);
  });
});
