import { deviceListSchema, deviceOutcomesSchema, type ManualStep } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi, type Asked } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const MAC = '00:0b:82:11:22:33';
const bind: ManualStep = { do: 'bind-account', mac: MAC, extension: '201', username: '+56229145248-office', server: 'communities.sip.twilio.com' };
const template: ManualStep = { do: 'assign-template', mac: MAC, model: 'GRP2612' };
const device = (index: number) => ({
  mac: index === 0 ? MAC : `00:0b:82:00:00:${String(index).padStart(2, '0')}`, model: 'GRP2612', extensions: [String(201 + index)], seen: index === 0 ? 'absent' : 'online', says: 'Says.\u001b[2J', lastSeen: null, accounts: [],
  next: index === 0 ? 'add' : 'nothing', manual: index === 0 ? [bind, template] : [],
});
const devices = deviceListSchema.parse({ environment: 'prod', tenant: 'demo', devices: Array.from({ length: 30 }, (_, index) => device(index)) });
const outcomes = (outcome: string) => ({ body }: Asked) => ({
  body: deviceOutcomesSchema.parse({
    environment: 'prod', tenant: 'demo',
    outcomes: (body as { macs: string[] }).macs.map((mac) => ({ mac, model: 'GRP2612', extensions: ['201'], outcome: mac === MAC ? outcome : 'there', says: 'It is there.', manual: mac === MAC ? [bind] : [] })),
  }),
});

describe('troncal devices', () => {
  let api: LocalApi;
  const at = '/api/environments/prod/tenants/demo/devices';
  beforeAll(async () => {
    api = await LocalApi.open({
      [`GET ${at}`]: { body: devices },
      [`POST ${at}/add`]: outcomes('added'),
      [`POST ${at}/reboot`]: outcomes('unknown'),
      'PUT /api/environments/prod/gdms': { body: { environment: 'prod', region: 'eu', apiId: '100555', username: 'jsmith', organization: null, site: null, revision: 1, changedAt: '2026-11-30T14:02:11.000Z' } },
      'GET /api/environments/prod/gdms/sites': { body: { sites: [{ id: 3345, name: 'Default', isDefault: true }, { id: 9, name: 'Other', isDefault: false }] } },
      'DELETE /api/environments/prod/gdms': { status: 204, body: '' },
    });
  });
  afterAll(() => api.close());
  const posts = () => api.asked.filter(({ method }) => method === 'POST');

  it('list says what GDMS sees and what is left to a person, in two languages', async () => {
    const { code, out } = await api.troncal('devices', 'list', 'DEMO', '--env', 'prod', '--lang', 'en');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^201 +00:0b:82:11:22:33 +GRP2612 +absent +add +Says\./m);
    expect(out).toContain(`\nWhat is left for you to do in GDMS’s console, as its API can’t\n  ${MAC}: VoIP Account > add the account +56229145248-office at communities.sip.twilio.com (extension 201; its password: troncal credentials reveal 201 --tenant demo)`);
    expect(out).not.toContain('\u001b[2J');
    expect((await api.troncal('devices', 'list', 'demo', '--env', 'prod', '--lang', 'es')).out).toContain('agregue la cuenta +56229145248-office');
  });

  it('add shows the plan, and then the outcome of each, a few at a time', async () => {
    const planned = await api.troncal('devices', 'add', 'demo', '--env', 'prod', '--plan');
    expect(planned.out).toMatch(/^201 .* add /m);
    expect(posts()).toEqual([]);
    const { code, out } = await api.troncal('devices', 'add', 'demo', '--env', 'prod');
    expect(code).toBe(EXIT.ok);
    expect(out).toMatch(/^prod: 1 of 30 telephones are added at GDMS\n {2}✓ 201 00:0b:82:11:22:33 GRP2612: added\. It is there\.\n/);
    expect(posts().map(({ body }) => (body as { macs: string[] }).macs.length)).toEqual([25, 5]);
  });

  it('reboot wants to be confirmed, and ends with 1 when it is not known what became of one', async () => {
    const before = posts().length;
    const refused = await api.troncal('devices', 'reboot', 'demo', '--env', 'prod');
    expect(refused).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('29 of 30 telephones of demo would reboot') as string });
    expect(posts()).toHaveLength(before);
    const { code, out } = await api.troncal('devices', 'reboot', 'demo', '--env', 'prod', '--confirm', 'DEMO', '--mac', '000B82112233');
    expect(code).toBe(EXIT.failed);
    expect(out).toMatch(/✗ 201 00:0b:82:11:22:33 GRP2612: unknown\./);
    expect(posts().at(-1)?.body).toEqual({ macs: [MAC] });
  });

  it('connect takes secrets from files alone, and never shows them', async () => {
    const args = ['devices', 'connect', '--env', 'prod', '--api-id', '100555', '--username', 'jsmith', '--region', 'eu'];
    expect((await api.troncal(...args)).code).toBe(EXIT.usage);
    const { code, out } = await api.troncal(...args, '--secret-key-file', api.file('secret', 's3cret\n'), '--password-file', api.file('password', 'p4ss\n'));
    expect(code).toBe(EXIT.ok);
    expect(api.asked.find(({ method }) => method === 'PUT')?.body).toEqual({ region: 'eu', apiId: '100555', username: 'jsmith', secretKey: 's3cret', password: 'p4ss' });
    expect(out).toMatch(/account +jsmith \(eu\), let in\n.*\nsite +Default \(3345\)\nsites +Default \(3345\), Other \(9\)/);
    expect(out).not.toMatch(/s3cret|p4ss/);
    expect((await api.troncal('devices', 'disconnect', '--env', 'prod')).out).toBe('prod has no account at GDMS any more\n');
  });

  it.each([[['--mac', 'x']], [['--mac', '00:00:00:00:00:01']]])('refuses %j before anything is changed', async (more) => {
    const before = posts().length;
    expect((await api.troncal('devices', 'add', 'demo', '--env', 'prod', ...more)).code).toBe(EXIT.usage);
    expect(posts()).toHaveLength(before);
  });
});
