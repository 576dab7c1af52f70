import { createHash } from 'node:crypto';
import type { SheetOptions } from './device-sheet.js';
import { badSetting } from './sheet.errors.js';
import { hostPort, labelOf, serverOf, type SheetFacts } from './sheet-facts.js';
import { element, xmlDocument, type XmlElement } from './xml.js';

type Sections = Record<string, Record<string, string>>;

/**
 * Remote provisioning of Linphone: an lpconfig document, fetched over HTTPS by its address or the QR code of it. Every entry
 * overwrites, or an old value would win. Codecs that are not listed stay out (`misc/add_missing_audio_codecs`, linphonecore.c). With a
 * known realm the phone gets the digest HA1 instead of the password (RFC 2617 section 3.2.2.2).
 */
export function linphoneXml(facts: SheetFacts, options: SheetOptions = {}): string {
  const { username, password, domain, realm, transport } = facts;
  const identity = `"${labelOf(facts).replaceAll(/["\\]/g, String.raw`\$&`)}" <sip:${username}@${domain}>`;
  const route = `<sip:${hostPort(serverOf(facts), facts)};transport=${transport}>`;
  const ours: Sections = {
    sip: {
      default_proxy: '0',
      use_rfc2833: '1',
      use_info: '0',
      media_encryption: facts.srtp === 'off' ? 'none' : 'srtp',
      media_encryption_mandatory: facts.srtp === 'required' ? '1' : '0',
    },
    misc: { transient_provisioning: '1', add_missing_audio_codecs: '0' },
    auth_info_0: {
      username,
      userid: username,
      domain,
      ...(realm === null ? { passwd: password } : { realm, algorithm: 'MD5', ha1: createHash('md5').update(`${username}:${realm}:${password}`).digest('hex') }),
    },
    nat_policy_0: { ref: 'troncal', stun_server: '', protocols: '' },
    proxy_0: {
      reg_proxy: route,
      ...(facts.proxy !== null && { reg_route: route }),
      reg_identity: identity,
      reg_expires: String(facts.expirySeconds),
      reg_sendregister: '1',
      publish: '0',
      nat_policy_ref: 'troncal',
      ...(realm !== null && { realm }),
    },
    ...Object.fromEntries(facts.codecs.map((mime, index) => [`audio_codec_${String(index)}`, { mime, rate: '8000', channels: '1', enabled: '1' }])),
  };
  const sections = Object.entries(merged(ours, options)).map(([name, entries]) => element('section', entriesOf(entries), { name }));
  return xmlDocument(element('config', sections, { xmlns: 'http://www.linphone.org/xsds/lpconfig.xsd' }));
}

function entriesOf(entries: Record<string, string>): XmlElement[] {
  return Object.entries(entries).map(([name, value]) => element('entry', value, { name, overwrite: 'true' }));
}

function merged(ours: Sections, { extra = {} }: SheetOptions): Sections {
  const all = structuredClone(ours);
  for (const [path, value] of Object.entries(extra)) {
    const [section, entry, ...rest] = path.split('/');
    if (!section || !entry || rest.length > 0) throw badSetting(path, 'Linphone', 'sip/keepalive_period');
    all[section] = { ...all[section], [entry]: value };
  }
  return all;
}
