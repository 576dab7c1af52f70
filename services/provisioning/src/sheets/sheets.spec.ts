import { randomBytes } from 'node:crypto';
import { DeviceSheetIssuedV1, DeviceSheetTakenV1, type EndpointView, type IssuedSheetView, type SheetView } from '@troncal/contracts';
import { SHEET_KINDS } from '@troncal/device-sheets';
import { createLogger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService } from '../index.js';

const PUBLIC = 'https://voice.example.com';
let under: ServiceUnderTest;
let passwords: Record<string, string>;
let db: Database;
beforeAll(async () => {
  under = await startUnderTest('provisioning', startService, {
    tenants: ['other'],
    env: { SIP_REALM: 'troncal', SIP_PUBLIC_HOST: 'sip.example.com', PUBLIC_URL: `${PUBLIC}/` },
    files: { CREDENTIALS_KEY_FILE: randomBytes(32).toString('hex') },
  });
  db = new Database({ url: under.database.appUrl, schema: under.database.schema, logger: createLogger({ service: 'spec', level: 'silent' }), applicationName: 'spec' });
  await under.api.expect('POST', '/api/tenants', { code: 'acme', name: 'Acme', country: 'CL', timeZone: 'America/Santiago' });
  passwords = {};
  for (const extension of ['201', '202']) passwords[extension] = (await under.api.expect<EndpointView>('PUT', `/api/tenants/acme/endpoints/${extension}`, { displayName: `Teléfono <${extension}>` })).password ?? '';
});
afterAll(async () => {
  await db?.close();
  await under?.stop();
});

async function issue(body: object): Promise<IssuedSheetView[]> {
  const { sheets } = await under.api.expect<{ sheets: IssuedSheetView[] }>('POST', '/api/tenants/acme/sheets', { environment: 'asterisk', ...body });
  return sheets;
}
async function one(kind: string, more: object = {}): Promise<IssuedSheetView> {
  const [sheet] = await issue({ kinds: [kind], endpoints: ['201'], ...more });
  if (!sheet) throw new Error('no sheet was issued');
  return sheet;
}
/** As the world asks: without a key, at the service itself. */
function ask(link: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(link.replace(PUBLIC, ''), under.api.url), { redirect: 'manual', ...init });
}
const take = (link: string, headers: Record<string, string> = {}): Promise<Response> => ask(link, { method: 'POST', body: new URLSearchParams(), headers });
const stateOf = async (id: string): Promise<SheetView | undefined> => (await under.api.expect<{ sheets: SheetView[] }>('GET', '/api/tenants/acme/sheets')).sheets.find((sheet) => sheet.id === id);

describe('a one-time link', () => {
  it('hands the sheet over once, by the button of its page', async () => {
    const sheet = await one('yealink');
    expect(sheet).toMatchObject({ kind: 'yealink', extensions: ['201'], fileName: 'acme-201-yealink.cfg' });
    expect(sheet.url).toMatch(new RegExp(`^${PUBLIC}/sheets/[A-Za-z0-9_-]{43}$`));
    const taken = await take(sheet.url);
    expect(taken.status).toBe(200);
    expect(taken.headers.get('content-disposition')).toBe('attachment; filename="acme-201-yealink.cfg"');
    const body = await taken.text();
    expect(body).toContain(`account.1.password = ${String(passwords['201'])}\n`);
    expect(body).toContain('account.1.user_name = acme_201\n');
    const again = await take(sheet.url);
    expect([again.status, await again.text()]).toEqual([410, expect.stringContaining('ya fue usado')]);
  });

  it('is not used up by whoever only looks: a page, its preview, HEAD, a device that asks for another file', async () => {
    const sheet = await one('grandstream');
    const page = await ask(sheet.url);
    const html = await page.text();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(html).toContain('<form method="post">');
    expect(html).not.toContain(passwords['201']);
    for (const [link, method] of [[sheet.url, 'GET'], [sheet.url, 'HEAD'], [String(sheet.deviceUrl), 'HEAD']] as const) expect((await ask(link, { method })).status).toBe(200);
    for (const file of ['cfg.xml', 'cfggxp2170.xml', 'phonebook.xml', 'gs_ring1.bin', 'cfg000b82112233.xml.bak']) expect((await ask(`${sheet.url}/${file}`)).status).toBe(404);
    expect((await stateOf(sheet.id))?.state).toBe('open');
    expect((await take(sheet.url)).status).toBe(200);
  });

  it('is fetched by a device by GET, under the name the device makes of its MAC address', async () => {
    const any = await one('grandstream');
    expect(any.deviceUrl).toBe(`${any.url}/acme-201-grandstream.xml`);
    const fetched = await ask(`${any.url}/cfg000b82112233.xml`, { headers: { 'user-agent': 'Grandstream Model HW GXP2170' } });
    expect([fetched.status, fetched.headers.get('content-type')]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(await fetched.text()).toContain(`<P34>${String(passwords['201'])}</P34>`);
    expect((await ask(`${any.url}/cfg000b82112233.xml`)).status).toBe(410);
    const event = await under.seen(DeviceSheetTakenV1, ({ subject }) => subject === any.id);
    expect(event).toMatchObject({ tenantid: 'acme', data: { by: 'device', kind: 'grandstream', extensions: ['201'], userAgent: 'Grandstream Model HW GXP2170' } });

    const mine = await one('grandstream', { macs: { 201: '00:0B:82:11:22:33' } });
    expect(mine.deviceUrl).toBe(`${mine.url}/cfg000b82112233.xml`);
    expect((await ask(`${mine.url}/cfg000b82ffffff.xml`)).status).toBe(404);
    expect((await ask(String(mine.deviceUrl))).status).toBe(200);
  });

  it('goes to one of many who take it at once', async () => {
    const sheet = await one('text');
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await take(sheet.url)).status));
    expect(statuses.sort((one, other) => one - other)).toEqual([200, ...Array.from({ length: 11 }, () => 410)]);
    await under.seen(DeviceSheetTakenV1, ({ subject }) => subject === sheet.id);
    expect(under.events.filter(({ envelope }) => envelope.type === DeviceSheetTakenV1.type && envelope.subject === sheet.id)).toHaveLength(1);
  });

  it('hands over the password of now, not of when it was issued', async () => {
    const sheet = await one('text', { endpoints: ['202'] });
    const rotated = await under.api.expect<EndpointView>('POST', '/api/tenants/acme/endpoints/202/rotate');
    passwords['202'] = rotated.password ?? '';
    expect(await (await take(sheet.url)).text()).toContain(passwords['202']);
  });

  it('expires, and can be revoked, and says what to do', async () => {
    const late = await one('text', { ttlMinutes: 5 });
    await db.query(`UPDATE device_sheets SET expires_at = now() - interval '1 second' WHERE id = $1`, [late.id]);
    expect([(await take(late.url)).status, (await ask(late.url)).status, (await stateOf(late.id))?.state]).toEqual([410, 410, 'expired']);
    const sheet = await one('linphone');
    expect(await under.api.expect('DELETE', `/api/tenants/acme/sheets/${sheet.id}`)).toMatchObject({ state: 'revoked' });
    const refused = await ask(String(sheet.deviceUrl));
    expect([refused.status, await refused.json()]).toMatchObject([410, { code: 'sheet_revoked', detail: expect.stringContaining('troncal sheets issue') as string }]);
  });

  it('is not used up when the endpoint is gone', async () => {
    await under.api.expect('PUT', '/api/tenants/acme/endpoints/203', { displayName: 'Short-lived' });
    const sheet = await one('text', { endpoints: ['203'] });
    await under.api.expect('DELETE', '/api/tenants/acme/endpoints/203');
    expect((await take(sheet.url)).status).toBe(410);
    expect((await stateOf(sheet.id))?.state).toBe('open');
  });

  it('cannot be guessed at, and no token of another shape reaches the database', async () => {
    for (const token of ['x', 'A'.repeat(43), `${'A'.repeat(42)}%27`, '..%2F..%2Fapi%2Ftenants']) {
      for (const method of ['GET', 'POST', 'HEAD']) expect((await ask(`/sheets/${token}`, { method })).status).toBe(404);
      expect((await ask(`/sheets/${token}/acme-201-text.txt`)).status).toBe(404);
    }
  });

  it('is for no cache, no index, no frame and no referrer, whatever it answers', async () => {
    const sheet = await one('html');
    const answers = [await ask(sheet.url), await take(sheet.url), await take(sheet.url), await ask(`${sheet.url}/x.xml`)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 410, 410]);
    expect(answers[1]?.headers.get('content-disposition')).toBe('inline; filename="acme-201-html.html"');
    for (const { headers } of answers) {
      expect(['cache-control', 'referrer-policy', 'x-robots-tag', 'x-content-type-options'].map((name) => headers.get(name))).toEqual(['no-store', 'no-referrer', 'noindex, nofollow', 'nosniff']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('takes the form of its own page, which a browser sends with an Origin that is not ours to know', async () => {
    for (const origin of ['null', PUBLIC]) {
      const sheet = await one('text');
      expect((await take(sheet.url, { origin })).status).toBe(200);
    }
  });
});

describe('issuing sheets', () => {
  it('makes a link per endpoint and kind, one for a whole CSV, and tells each without its secret', async () => {
    const sheets = await issue({ kinds: ['csv', ...SHEET_KINDS] });
    expect(sheets).toHaveLength(1 + 2 * SHEET_KINDS.length);
    const [csv] = sheets;
    expect(csv).toMatchObject({ kind: 'csv', extensions: ['201', '202'], fileName: 'acme.csv', deviceUrl: null });
    const table = await (await take(String(csv?.url))).text();
    for (const extension of ['201', '202']) expect(table).toContain(`acme_${extension},${String(passwords[extension])},sip.example.com`);
    for (const { id, kind } of sheets) expect(await under.seen(DeviceSheetIssuedV1, ({ subject }) => subject === id)).toMatchObject({ data: { kind, issuedBy: 'admin', environment: 'asterisk' } });
  });

  it('lists what became of them, without a link', async () => {
    const sheet = await one('text');
    await take(sheet.url, { 'user-agent': 'Browser\u0009 <b>', 'x-forwarded-for': '203.0.113.7' });
    expect(await stateOf(sheet.id)).toMatchObject({ state: 'taken', issuedBy: 'admin', taken: { from: '203.0.113.7', userAgent: 'Browser <b>' } });
    const listed = JSON.stringify(await under.api.expect('GET', '/api/tenants/acme/sheets'));
    expect(listed).not.toContain(sheet.url.slice(-43));
  });

  it.each([
    [{ environment: 'prod' }, 404, 'unknown_environment'],
    [{ endpoints: ['999'] }, 422, 'unknown_endpoint'],
    [{ kinds: ['fax'] }, 422, 'validation_failed'],
    [{ ttlMinutes: 1 }, 422, 'validation_failed'],
    [{ macs: { 201: 'nonsense' } }, 422, 'validation_failed'],
  ])('refuses %j', async (body, status, code) => {
    expect(await under.api.send('POST', '/api/tenants/acme/sheets', { environment: 'asterisk', ...body })).toMatchObject({ status, body: { code } });
  });

  it('is the tenant’s own affair', async () => {
    const other = under.apiOf('other');
    const sheet = await one('text');
    for (const [method, path, body] of [['POST', 'sheets', { environment: 'asterisk' }], ['GET', 'sheets', undefined], ['DELETE', `sheets/${sheet.id}`, undefined]] as const) {
      expect(await other.send(method, `/api/tenants/acme/${path}`, body)).toMatchObject({ status: 404, body: { code: 'unknown_tenant' } });
    }
    expect((await stateOf(sheet.id))?.state).toBe('open');
  });

  it('keeps passwords and links out of every event and of the table', async () => {
    const sheet = await one('text');
    await take(sheet.url);
    await under.seen(DeviceSheetTakenV1, ({ subject }) => subject === sheet.id);
    const stored = JSON.stringify(await db.query('SELECT * FROM device_sheets'));
    for (const secret of [...Object.values(passwords), sheet.url.slice(-43)]) {
      expect(JSON.stringify(under.events)).not.toContain(secret);
      expect(stored).not.toContain(secret);
    }
  });
});
