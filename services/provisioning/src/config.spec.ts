import { parseEnv } from '@troncal/config';
import { describe, expect, it } from 'vitest';
import { provisioningEnv } from './config.js';

const settings = { DATABASE_URL: 'postgres://u:p@h/db', NATS_URL: 'nats://h', NATS_USER: 'provisioning', NATS_PASSWORD: 'p', HTTP_PORT: '0', API_KEYS_FILE: '/keys' };

describe('the settings of provisioning', () => {
  it('take a key ring and a realm', () => {
    expect(parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'ab'.repeat(32) })).toMatchObject({ SIP_REALM: 'troncal' });
  });

  it('name every fault at once and show no key', () => {
    const wrong = (): unknown => parseEnv(provisioningEnv, { ...settings, CREDENTIALS_KEY: 'changeme', SIP_REALM: 'two words', HTTP_PORT: 'x' });
    expect(wrong).toThrow(expect.objectContaining({ faults: ['HTTP_PORT', 'CREDENTIALS_KEY', 'SIP_REALM'].map((where) => expect.objectContaining({ where })) }));
    expect(wrong).not.toThrow('changeme');
    expect(wrong).toThrow('a key of 32 bytes per line');
  });
});
