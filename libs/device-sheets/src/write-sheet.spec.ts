import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCfg, readCsv, readIni, readXml, type ReadElement } from '../test/readers.js';
import { acrobitsCode, asteriskTerms, labelOf, SHEET_KINDS, sheetRows, sheetsCsv, twilioTerms, wordsOf, writeSheet, type SheetFacts, type SheetKind } from './index.js';

const office: SheetFacts = {
  ...twilioTerms(),
  tenant: 'oficina_principal',
  displayName: 'Oficina Ñuñoa & Cía <1>',
  extension: '201',
  role: 'office',
  username: '+56229145248-office',
  password: 'Kq7vWm2xRt9bHc4nLp6sZd3f',
  domain: 'communities.sip.twilio.com',
  proxy: null,
  port: null,
  timeZone: 'America/Santiago',
  language: 'es',
};
const body = (kind: SheetKind, changes: Partial<SheetFacts> = {}): string => writeSheet(kind, { ...office, ...changes }).body;
const children = (element: ReadElement): Record<string, string> => Object.fromEntries(element.children.map(({ name, text }) => [name, text]));

function find(element: ReadElement, ...path: string[]): ReadElement {
  const [name, ...rest] = path;
  if (name === undefined) return element;
  const next = element.children.find((child) => child.name === name);
  if (!next) throw new Error(`no <${name}>`);
  return find(next, ...rest);
}
const pValues = (document: string): Record<string, string> => children(find(readXml(document), 'config'));
const entry = (document: string, section: string, name: string): string | undefined =>
  readXml(document)
    .children.find(({ attributes }) => attributes['name'] === section)
    ?.children.find(({ attributes }) => attributes['name'] === name)?.text;

describe("Twilio's terms", () => {
  it('are 600 s, PCMU then PCMA and nothing else, STUN off, RFC 4733', () => {
    expect(twilioTerms()).toMatchObject({ expirySeconds: 600, codecs: ['PCMU', 'PCMA'], stun: 'off', dtmf: 'rfc4733', transport: 'udp' });
  });

  it('stand in a Grandstream phone as P-values, with every codec choice filled', () => {
    const values = pValues(body('grandstream'));
    expect(values).toMatchObject({ P271: '1', P270: office.displayName, P47: office.domain, P48: '', P35: office.username, P36: office.username, P34: office.password });
    expect(values).toMatchObject({ P32: '10', P130: '0', P52: '2', P76: '', P84: '30', P183: '0', P291: '1', P2301: '0', P2302: '1', P2303: '0', P79: '101' });
    expect(['P57', 'P58', 'P59', 'P60', 'P61', 'P62', 'P46'].map((choice) => values[choice])).toEqual(['0', '8', '8', '8', '8', '8', '8']);
  });

  it('stand in an HT adapter, which orders the ways of a digit instead', () => {
    const values = pValues(body('grandstream-ht'));
    expect(values).toMatchObject({ P35: office.username, P32: '10', P850: '101', P183: '0' });
    expect(values).not.toHaveProperty('P2302');
  });

  it('stand in a Yealink', () => {
    const keys = readCfg(body('yealink'));
    const at = (key: string): string | undefined => keys.get(`account.1.${key}`);
    expect([at('user_name'), at('auth_name'), at('password')]).toEqual([office.username, office.username, office.password]);
    expect([at('sip_server.1.address'), at('sip_server.1.port'), at('sip_server.1.expires'), at('sip_server.1.transport_type')]).toEqual([office.domain, '5060', '600', '0']);
    expect(['pcmu', 'pcma', 'g722', 'g729'].map((codec) => at(`codec.${codec}.enable`))).toEqual(['1', '1', '0', '0']);
    expect([at('codec.pcmu.priority'), at('codec.pcma.priority')]).toEqual(['1', '2']);
    expect([at('nat.nat_traversal'), at('dtmf.type'), at('sip_server.2.address')]).toEqual(['0', '1', '%NULL%']);
  });

  it('stand in MicroSIP, its name in ASCII', () => {
    const ini = readIni(body('microsip'));
    expect(Object.fromEntries(ini.get('Settings') ?? [])).toMatchObject({ audioCodecs: 'PCMU/8000/1 PCMA/8000/1', enableSTUN: '0', singleMode: '0', accountId: '1' });
    const account = Object.fromEntries(ini.get('Account1') ?? []);
    expect(account).toMatchObject({ label: 'Oficina Nunoa & Cia <1>', username: office.username, password: office.password, domain: office.domain, registerRefresh: '600' });
  });

  it('stand in Linphone with a digest instead of the password', () => {
    const document = body('linphone');
    const ha1 = createHash('md5').update(`${office.username}:sip.twilio.com:${office.password}`).digest('hex');
    expect([entry(document, 'auth_info_0', 'ha1'), entry(document, 'auth_info_0', 'realm'), entry(document, 'auth_info_0', 'passwd')]).toEqual([ha1, 'sip.twilio.com', undefined]);
    expect(document).not.toContain(office.password);
    expect(entry(document, 'proxy_0', 'reg_identity')).toBe(`"${office.displayName}" <sip:${office.username}@${office.domain}>`);
    expect([entry(document, 'proxy_0', 'reg_expires'), entry(document, 'nat_policy_0', 'stun_server'), entry(document, 'misc', 'add_missing_audio_codecs')]).toEqual(['600', '', '0']);
    expect([entry(document, 'audio_codec_0', 'mime'), entry(document, 'audio_codec_1', 'mime'), entry(document, 'audio_codec_2', 'mime')]).toEqual(['PCMU', 'PCMA', undefined]);
    expect(entry(body('linphone', { realm: null }), 'auth_info_0', 'passwd')).toBe(office.password);
  });

  it('stand in Zoiper and Groundwire', () => {
    const account = find(readXml(body('zoiper')), 'accounts', 'account');
    expect(children(account)).toMatchObject({ username: office.username, password: office.password, SIP_domain: office.domain, reregistration_time: '600', SIP_transport_type: 'UDP' });
    expect(find(account, 'codecs').children.map((codec) => children(codec))).toEqual([
      { codec_id: '0', priority: '1', enabled: 'true' },
      { codec_id: '6', priority: '2', enabled: 'true' },
    ]);
    expect(find(account, 'stun', 'use_stun').text).toBe('disabled');
    expect(children(readXml(body('groundwire')))).toMatchObject({ title: office.displayName, username: office.username, host: office.domain, transport: 'udp', codecOrder: '0,8' });
    expect(acrobitsCode(office, 'ABCDEF')).toBe(`csc:%2B56229145248-office:${office.password}@ABCDEF`);
  });

  it('stand on paper, in Spanish and in English', () => {
    const spanish = body('text');
    for (const [name, value] of sheetRows(office)) expect(spanish).toMatch(new RegExp(`^${escaped(name)} +${escaped(value)}$`, 'm'));
    expect(spanish).toContain('600 segundos');
    expect(body('text', { language: 'en' })).toContain('600 seconds');
    expect(body('html', { language: 'en' })).toMatch(/<html lang="en">[\s\S]*<td>PCMU, PCMA; no other \(G\.722 off\)<\/td>/);
  });
});

describe('a sheet', () => {
  it('goes by TLS with SRTP through an edge when told so', () => {
    const changes = { transport: 'tls', srtp: 'required', proxy: 'sip.sao-paulo.twilio.com', port: 5061 } as const;
    expect(pValues(body('grandstream', changes))).toMatchObject({ P130: '2', P183: '2', P48: 'sip.sao-paulo.twilio.com:5061', P47: `${office.domain}:5061`, P2329: '0' });
    const yealink = readCfg(body('yealink', changes));
    expect(['sip_server.1.transport_type', 'srtp_encryption', 'outbound_proxy.1.address'].map((key) => yealink.get(`account.1.${key}`))).toEqual(['2', '2', 'sip.sao-paulo.twilio.com']);
    expect(readIni(body('microsip', changes)).get('Account1')?.get('SRTP')).toBe('mandatory');
    expect(entry(body('linphone', changes), 'proxy_0', 'reg_route')).toBe('<sip:sip.sao-paulo.twilio.com:5061;transport=tls>');
    expect(children(find(readXml(body('zoiper', changes)), 'accounts', 'account'))).toMatchObject({ SIP_srtp_mode: 'SDES', SIP_transport_type: 'TLS', SIP_use_outbound_proxy: 'true' });
    expect(children(readXml(body('groundwire', changes)))).toMatchObject({ transport: 'tls+sip:', sdesOutgoing: 'enabled' });
  });

  it("has our Asterisk's terms when it is for our Asterisk", () => {
    const facts = { ...office, ...asteriskTerms('troncal') };
    expect(pValues(writeSheet('grandstream', facts).body)).toMatchObject({ P32: '5', P57: '8', P58: '0' });
    expect(entry(writeSheet('linphone', facts).body, 'auth_info_0', 'realm')).toBe('troncal');
  });

  it('is named for the device that asks for it', () => {
    expect(SHEET_KINDS.map((kind) => writeSheet(kind, office).fileName)).toEqual(
      ['grandstream.xml', 'grandstream-ht.xml', 'yealink.cfg', 'microsip.ini', 'linphone.xml', 'zoiper.xml', 'groundwire.xml', 'text.txt', 'html.html'].map((end) => `oficina_principal-201-${end}`),
    );
    expect(writeSheet('grandstream', office, { mac: '00:0B:82:11:22:33' }).fileName).toBe('cfg000b82112233.xml');
    expect(find(readXml(writeSheet('grandstream', office, { mac: '000b82112233' }).body), 'mac').text).toBe('000b82112233');
    expect(writeSheet('yealink', office, { mac: '805ec0-aabbcc' }).fileName).toBe('805ec0aabbcc.cfg');
    expect(() => writeSheet('yealink', office, { mac: '../../etc' })).toThrow(/MAC/);
  });

  it("takes a deployment's own settings for what is not established, and only as settings", () => {
    expect(pValues(writeSheet('grandstream', office, { extra: { P2330: '60', P32: '5' } }).body)).toMatchObject({ P2330: '60', P32: '5' });
    expect(readCfg(writeSheet('yealink', office, { extra: { 'local_time.time_zone': '-4' } }).body).get('local_time.time_zone')).toBe('-4');
    expect(readIni(writeSheet('microsip', office, { extra: { voicemailNumber: '*97' } }).body).get('Account1')?.get('voicemailNumber')).toBe('*97');
    expect(entry(writeSheet('linphone', office, { extra: { 'sip/keepalive_period': '30000' } }).body, 'sip', 'keepalive_period')).toBe('30000');
    const wrong: readonly (readonly [SheetKind, string, string])[] = [
      ['grandstream', 'P1><x', '1'],
      ['yealink', 'a = 1\nb', '1'],
      ['yealink', 'a', '1\nsecurity.user_password = admin:admin'],
      ['microsip', 'a]', '1'],
      ['microsip', 'a', '1\r\n[Account2]'],
      ['linphone', 'sip', '1'],
      ['zoiper', 'a b', '1'],
      ['groundwire', '<x>', '1'],
    ];
    for (const [kind, name, value] of wrong) expect(() => writeSheet(kind, office, { extra: { [name]: value } })).toThrow(/setting|hold/);
  });

  it('is not written from facts that no device could use, and every fault is named without a value', () => {
    const bad = { ...office, username: 'a b', password: 'tab\there', domain: 'evil.example/x', expirySeconds: 30, codecs: [], keepAliveSeconds: 5, port: 0 };
    const error = caught(() => writeSheet('text', bad));
    for (const where of ['/username', '/password', '/domain', '/expirySeconds', '/codecs', '/keepAliveSeconds', '/port']) expect(error.message).toContain(where);
    for (const value of ['a b', 'here', 'evil']) expect(error.message).not.toContain(value);
  });

  it('is refused where the format has no way to write a credential, without showing it', () => {
    for (const [kind, password] of [['yealink', 'ab#cd'], ['yealink', '%NULL%'], ['microsip', '"quoted"']] as const) {
      const error = caught(() => body(kind, { password }));
      expect(error).toMatchObject({ code: 'sheet_cannot_hold' });
      expect(error.message).not.toContain(password);
    }
  });
});

/** Everything that a stranger could write into a name, and a password of any visible characters. */
const hostileName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(']]><P2>1</P2>', '"><script>alert(1)</script>', "'; DROP", '&lt;&amp;', 'a\r\naccount.1.password = x', '[Account2]\r\ndomain=x', '=HYPERLINK("http://x")', '#c', '%NULL%', '\u202Eevil', '\uD800', '"\\"', ''),
);
const hostileFacts: fc.Arbitrary<SheetFacts> = fc.record({
  displayName: hostileName,
  role: hostileName,
  password: fc.stringMatching(/^[!-~]{1,40}$/),
  username: fc.stringMatching(/^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,30}$/),
  realm: fc.constantFrom(null, 'sip.twilio.com'),
  language: fc.constantFrom('es' as const, 'en' as const),
}).map((changes) => ({ ...office, ...changes }));

/** What stood in the file, or undefined when the writer refused this credential for its format. */
function read<T>(write: () => string, reader: (text: string) => T): T | undefined {
  try {
    return reader(write());
  } catch (error) {
    if ((error as { code?: string }).code === 'sheet_cannot_hold') return undefined;
    throw error;
  }
}

describe('no name and no password breaks a format', () => {
  const property = (check: (facts: SheetFacts) => void): void => fc.assert(fc.property(hostileFacts, check), { numRuns: 400 });
  const shape = (element: ReadElement): unknown => [element.name, Object.keys(element.attributes), element.children.map(shape)];

  it.each(['grandstream', 'grandstream-ht', 'linphone', 'zoiper', 'groundwire'] as const)('%s: the same elements, and each value as it is', (kind) => {
    property((facts) => {
      const document = readXml(writeSheet(kind, facts).body);
      expect(shape(document)).toEqual(shape(readXml(writeSheet(kind, { ...office, realm: facts.realm }).body)));
      const texts = new Set(JSON.stringify(document).match(/"text":"(?:[^"\\]|\\.)*"/g));
      const holds = (text: string): boolean => texts.has(`"text":${JSON.stringify(text)}`);
      expect(holds(facts.username)).toBe(true);
      expect(kind === 'linphone' || (holds(facts.password) && holds(labelOf(facts)))).toBe(true);
    });
  });

  it('yealink: the same keys, and the credentials as they are', () => {
    const keys = [...readCfg(body('yealink')).keys()];
    property((facts) => {
      const cfg = read(() => writeSheet('yealink', facts).body, readCfg);
      if (!cfg) {
        if (!/#|^%/.test(facts.password)) throw new Error('refused for no reason');
        return;
      }
      expect([...cfg.keys()]).toEqual(keys);
      expect([cfg.get('account.1.user_name'), cfg.get('account.1.password')]).toEqual([facts.username, facts.password]);
    });
  });

  it('microsip: the same keys, and the credentials as they are', () => {
    const keys = (ini: Map<string, Map<string, string>>): unknown => [...ini].map(([section, entries]) => [section, [...entries.keys()]]);
    const expected = keys(readIni(body('microsip')));
    property((facts) => {
      const ini = read(() => writeSheet('microsip', facts).body, readIni);
      if (!ini) {
        if (!/^["']/m.test(`${facts.password}\n${facts.username}`)) throw new Error('refused for no reason');
        return;
      }
      expect(keys(ini)).toEqual(expected);
      expect([ini.get('Account1')?.get('username'), ini.get('Account1')?.get('password')]).toEqual([facts.username, facts.password]);
    });
  });

  it('CSV: a line each, the credentials as they are, no name a formula', () => {
    fc.assert(
      fc.property(fc.array(hostileFacts, { maxLength: 5 }), (many) => {
        const [header, ...rows] = readCsv(sheetsCsv(many));
        expect(rows).toHaveLength(many.length);
        const column = (row: string[], title: string): string | undefined => row[header?.indexOf(title) ?? -1];
        for (const [index, row] of rows.entries()) {
          expect(row).toHaveLength(header?.length ?? 0);
          expect([column(row, 'username'), column(row, 'password')]).toEqual([many[index]?.username, many[index]?.password]);
          expect(column(row, 'display_name')).not.toMatch(/^[=+\-@]/);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('text and HTML: as many lines and rows as ever, and no tag of a stranger’s', () => {
    property((facts) => {
      expect(writeSheet('text', facts).body.split('\n')).toHaveLength(body('text').split('\n').length);
      const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
      expect(tags(writeSheet('html', { ...facts, language: 'es' }).body)).toEqual(tags(body('html')));
    });
  });
});

describe('words', () => {
  it('say in both languages how each kind is put into its device', () => {
    for (const language of ['es', 'en'] as const) for (const kind of SHEET_KINDS) expect(wordsOf(language).how[kind]).toMatch(/.{20,}\.$/);
  });
});

function caught(act: () => unknown): Error & { code?: string } {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
