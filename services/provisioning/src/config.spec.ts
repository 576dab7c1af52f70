import { parseEnv } from '@troncal/config';
import { describe, expect, it } from 'vitest';
import { accountSettings, provisioningEnv } from './config.js';

const settings = { DATABASE_URL: 'postgres://u:p@h/db', NATS_URL: 'nats://h', NATS_USER: 'provisioning', NATS_PASSWORD: 'p', HTTP_PORT: '0', API_KEYS_FILE: '/keys' };

describe('the settings of provisioning', () => {
  it('take a key ring and a realm', () => {
    expect(parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'ab'.repeat(32) })).toMatchObject({ SIP_REALM: 'troncal' });
    // No price is made up: calls whose price nobody knows are refused until somebody says what they cost.
    expect(parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'ab'.repeat(32) })).not.toHaveProperty('OUTBOUND_DEFAULT_RATE_MICROS');
  });

  it('say how many requests an account is begun with, and how far that is led up; never more at first than at most', () => {
    const atOnce = (more: Record<string, string>) => accountSettings(parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'ab'.repeat(32), TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token', ...more }))?.atOnce;
    expect(atOnce({})).toEqual({ start: 10, most: 100 });
    expect(atOnce({ TWILIO_CONCURRENCY_START: '20', TWILIO_CONCURRENCY_MOST: '50' })).toEqual({ start: 20, most: 50 });
    expect(atOnce({ TWILIO_CONCURRENCY_MOST: '5' })).toEqual({ start: 5, most: 5 });
    expect(() => atOnce({ TWILIO_CONCURRENCY_START: '0' })).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ where: 'TWILIO_CONCURRENCY_START' })] }));
  });

  it('name every fault at once and show no key', () => {
    const wrong = (): unknown => parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'changeme', SIP_REALM: 'two words', HTTP_PORT: 'x', OUTBOUND_DAY_CAP_MICROS: '-1', OUTBOUND_CURRENCY: 'dollars' });
    expect(wrong).toThrow(expect.objectContaining({ faults: ['HTTP_PORT', 'CREDENTIALS_KEY', 'SIP_REALM', 'OUTBOUND_CURRENCY', 'OUTBOUND_DAY_CAP_MICROS'].map((where) => expect.objectContaining({ where })) }));
    expect(wrong).not.toThrow('changeme');
    expect(wrong).toThrow('a key of 32 bytes per line');
  });
});
