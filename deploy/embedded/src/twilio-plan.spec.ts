import { describe, expect, it } from 'vitest';
import { twilioEnv, twilioPlan } from './twilio-plan.js';

const KEYS = { TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_AUTH_TOKEN: 'token' };
const TUNNEL = 'https://tunnel.example.com';
const SIP = { host: '203.0.113.5', port: 5_060, isPublic: true };

type Wishes = Parameters<typeof twilioPlan>[0];
const plan = (env: Wishes['env'], more: Partial<Wishes> = {}) => twilioPlan({ env, secrets: { of: (name) => `made ${name}` }, port: 4_711, publicUrl: null, apiUrl: 'http://127.0.0.1:8080', sip: SIP, ...more });

describe('the Twilio of npm start', () => {
  it('is a simulator at this machine, unless its key is there', () => {
    expect(plan({})).toMatchObject({ simulated: true, authToken: 'made twilio.token', publicUrl: 'https://troncal.invalid', edge: { host: '203.0.113.5', transport: 'udp' } });
    expect(twilioEnv(plan({}))).toMatchObject({ TWILIO_API_URL: 'http://127.0.0.1:4711' });
  });

  it('is the account of the key, which reaches this machine at --public-url', () => {
    const real = plan(KEYS, { publicUrl: TUNNEL });
    expect(real).toEqual({ simulated: false, accountSid: KEYS.TWILIO_ACCOUNT_SID, authToken: 'token', apiUrl: null, publicUrl: TUNNEL, domain: 'troncal-1111111111.sip.twilio.com', edge: { host: '203.0.113.5', port: 5_060, transport: 'tcp' } });
    expect(twilioEnv(real)).toEqual(KEYS);
  });

  it('has no way to an Asterisk that only this machine reaches', () => {
    expect(plan(KEYS, { sip: { ...SIP, isPublic: false } }).edge).toBeNull();
    expect(plan({}, { sip: null }).edge).toBeNull();
  });

  it('is neither with half of the key', () => {
    for (const name of ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'] as const) expect(() => plan({ ...KEYS, [name]: '' })).toThrow(/belong together/);
  });
});
