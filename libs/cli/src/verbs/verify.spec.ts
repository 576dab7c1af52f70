import { doctorViewSchema, verifyViewSchema } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const at = '2026-11-30T14:02:11.000Z';
const fine = { check: 'number', about: '+56229145248', state: 'ok', says: 'It points here.' };
const lost = { check: 'sip-user', about: '201 +56229145248-office', state: 'wrong', says: 'The list has no user of this name.', remedy: 'troncal tenants apply' };
const guess = { check: 'last-registration', about: '201', state: 'unknown', says: 'It was never seen.', inferredFrom: 'its last call', remedy: 'Call it.' };
const view = (checks: readonly object[]) => ({ body: verifyViewSchema.parse({ environment: 'prod', tenant: 'demo', at, checks }) });
const looked = [{ trouble: 'not-registered', at: 'SIP users' }, { trouble: 'codec-refused', at: 'legs with 488' }];
const findings = [{ trouble: 'codec-refused', tenant: 'demo', found: 'SIP 488 from 201, 3 times', cause: 'No codec in common.', cure: 'PCMU, then PCMA.\u001b[2J' }];

describe('verbs that look whether telephones work', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      'GET /api/environments': { body: { environments: [] } },
      'GET /api/environments/prod/tenants/demo/verify': view([fine, guess]),
      'POST /api/environments/prod/tenants/demo/verify': view([fine, lost, guess]),
      'GET /api/environments/prod/tenants/demo/doctor': { body: doctorViewSchema.parse({ environment: 'prod', tenants: ['demo'], at, findings, looked }) },
      'GET /api/environments/prod/doctor': { body: doctorViewSchema.parse({ environment: 'prod', tenants: ['demo', 'other'], at, findings: [], looked }) },
    });
  });
  afterAll(() => api.close());

  it('verify says what is well and what nobody knows, and from what it is inferred', async () => {
    const { code, out } = await api.troncal('verify', 'DEMO', '--env', 'prod');
    expect(code).toBe(EXIT.ok);
    expect(api.asked.at(-1)).toMatchObject({ method: 'GET' });
    expect(out).toMatch(/^number +ok +\+56229145248 +It points here\.$/m);
    expect(out).toContain('What is inferred, and from what\n  last-registration: its last call\n');
    expect(out).toMatch(/\nnothing is wrong, 1 unknown, 1 ok\n$/);
  });

  it('verify probes on request alone, and ends with 1 for what is wrong, with its remedy', async () => {
    const { code, out } = await api.troncal('verify', 'demo', '--env', 'prod', '--probe');
    expect(code).toBe(EXIT.failed);
    expect(api.asked.at(-1)).toMatchObject({ method: 'POST', body: { probe: true } });
    expect(out).toMatch(/^sip-user +WRONG +201 \+56229145248-office/m);
    expect(out).toContain('What to do\n  201 +56229145248-office: troncal tenants apply\n');
  });

  it('doctor prints cause and cure, and for what it did not find what it looked at', async () => {
    const { code, out } = await api.troncal('doctor', 'demo', '--env', 'prod');
    expect(code).toBe(EXIT.failed);
    expect(out).toContain('Phones do not register: nothing found\n  looked at: SIP users\n');
    expect(out).toMatch(/Calls are refused with 488: 1 found\n {2}tenant +demo\n {2}found +SIP 488 from 201, 3 times\n {2}cause +No codec in common\.\n {2}cure +PCMU, then PCMA\./);
    expect(out).not.toContain('\u001b[2J');
  });

  it('doctor looks at all tenants when none is named', async () => {
    const { code, out } = await api.troncal('doctor', '--env', 'prod');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^2 tenants in prod\n/);
  });
});
