import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issuedSheetsSchema, sheetViewSchema } from '@troncal/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalApi } from '../../test/local-api.js';
import { EXIT } from '../exit-codes.js';

const TOKEN = 'k'.repeat(43);
const issued = issuedSheetsSchema.parse({
  sheets: [
    { id: 's1', kind: 'grandstream', extensions: ['201'], fileName: 'cfg000b82112233.xml', url: `/sheets/${TOKEN}`, deviceUrl: `/sheets/${TOKEN}/cfg000b82112233.xml`, expiresAt: '2026-12-01T13:00:00.000Z' },
  ],
});
const view = sheetViewSchema.parse({
  id: 's1', environment: 'prod', kind: 'grandstream', extensions: ['201'], issuedBy: 'admin', issuedAt: '2026-11-30T13:00:00.000Z', expiresAt: '2026-12-01T13:00:00.000Z',
  state: 'taken', taken: { at: '2026-11-30T14:00:00.000Z', from: '203.0.113.7', userAgent: 'Grandstream' },
});

describe('troncal sheets', () => {
  let api: LocalApi;
  beforeAll(async () => {
    api = await LocalApi.open({
      'POST /api/tenants/acme/sheets': { status: 201, body: issued },
      'GET /api/tenants/acme/sheets': { body: { sheets: [view] } },
      'DELETE /api/tenants/acme/sheets/s1': { body: view },
    });
  });
  afterAll(() => api.close());

  it('issue shows the links once, whole', async () => {
    const ran = await api.troncal('sheets', 'issue', 'ACME', '--env', 'prod', '--endpoint', '201', '--kind', 'grandstream', '--mac', '201=00:0b:82:11:22:33', '--ttl-minutes', '60');
    expect(ran.code).toBe(EXIT.ok);
    expect(ran.out).toMatch(/^TENANT +EXTENSION .*\nacme +201 /);
    expect(ran.out).toContain(`${api.url}/sheets/${TOKEN}\n`);
    expect(ran.out).toContain(`${api.url}/sheets/${TOKEN}/cfg000b82112233.xml`);
    expect(api.asked.at(-1)?.body).toEqual({ environment: 'prod', kinds: ['grandstream'], ttlMinutes: 60, endpoints: ['201'], macs: { 201: '00:0b:82:11:22:33' } });
  });

  it('issue --links-file keeps them from the screen, for their owner’s eyes only', async () => {
    const file = join(dirname(api.keyFile), 'links.json');
    const ran = await api.troncal('sheets', 'issue', 'acme', '--links-file', file);
    expect(ran.out).not.toContain(TOKEN);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([{ url: `${api.url}/sheets/${TOKEN}` }]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(api.asked.at(-1)?.body).toEqual({ environment: 'asterisk', kinds: ['html'], ttlMinutes: 1440 });
  });

  it('list and revoke say what became of a link', async () => {
    expect((await api.troncal('sheets', 'list', 'acme')).out).toMatch(/s1 +grandstream +201 +prod +taken +2026-11-30 14:00 by 203\.0\.113\.7 +admin/);
    expect((await api.troncal('sheets', 'revoke', 's1', '--tenant', 'acme')).out).toBe('s1: taken, so there was nothing to revoke; if it was not your own, rotate the password\n');
  });

  it.each([[['--kind', 'fax']], [['--ttl-minutes', '1']], [['--mac', '201']], [['--endpoint', 'x']]])('refuses %j before anything is sent', async (more) => {
    const before = api.asked.length;
    expect((await api.troncal('sheets', 'issue', 'acme', ...more)).code).toBe(EXIT.usage);
    expect(api.asked).toHaveLength(before);
  });
});
