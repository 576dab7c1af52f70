import { describe, expect, it } from 'vitest';
import { gdmsEnv, gdmsPlan } from './gdms-plan.js';

const KEYS = { GDMS_API_ID: '100777', GDMS_SECRET_KEY: 's', GDMS_USERNAME: 'jsmith', GDMS_PASSWORD: 'p' };
const plan = (env: Readonly<Record<string, string>>) => gdmsPlan({ env, secrets: { of: (name) => `made ${name}` }, port: 4711 });

describe('the GDMS of npm start', () => {
  it('is a simulator, unless its keys are there', () => {
    expect(plan({})).toMatchObject({ simulated: true, account: { secretKey: 'made gdms.secret-key', password: 'made gdms.password' } });
    expect(gdmsEnv(plan({}))).toEqual({ GDMS_API_URL: 'http://127.0.0.1:4711' });
    expect(plan({ ...KEYS, GDMS_REGION: 'eu' })).toEqual({ simulated: false, apiUrl: null, account: { region: 'eu', apiId: '100777', secretKey: 's', username: 'jsmith', password: 'p' } });
    expect(gdmsEnv(plan(KEYS))).toEqual({});
  });

  it('is neither with a part of them', () => {
    expect(() => plan({ ...KEYS, GDMS_PASSWORD: '' })).toThrow(/GDMS_API_ID, GDMS_SECRET_KEY, GDMS_USERNAME, GDMS_PASSWORD belong together/);
  });
});
