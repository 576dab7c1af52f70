import { withExtra, type SheetOptions } from './device-sheet.js';
import { badSetting } from './sheet.errors.js';
import { hostPort, labelOf, type SheetFacts } from './sheet-facts.js';
import { element, xmlDocument } from './xml.js';

/** Zoiper's numbers of its codecs. */
const CODEC = { PCMU: '0', PCMA: '6' } as const;

/**
 * Zoiper's provisioning document, version 1.12 (Zoiper's own example, github.com/ZoiPer/provisioningexample). Zoiper 5 takes it with a
 * paid licence. The QR code that its phones read is made by a portal of Zoiper's to which the password would have to be handed over in
 * an address: we make none.
 */
export function zoiperXml(facts: SheetFacts, options: SheetOptions = {}): string {
  const { username, proxy } = facts;
  const ours = {
    name: labelOf(facts),
    username,
    password: facts.password,
    register_on_startup: 'true',
    protocol: 'SIP',
    reregistration_mode: 'custom',
    reregistration_time: String(facts.expirySeconds),
    SIP_domain: hostPort(facts.domain, facts),
    SIP_use_outbound_proxy: String(proxy !== null),
    SIP_outbound_proxy: proxy === null ? '' : hostPort(proxy, facts),
    SIP_transport_type: facts.transport.toUpperCase(),
    SIP_use_auth_username: 'true',
    SIP_auth_username: username,
    SIP_callerid: labelOf(facts),
    SIP_use_rport: 'true',
    SIP_use_rport_media: 'false',
    SIP_srtp_mode: facts.srtp === 'off' ? 'none' : 'SDES',
    SIP_dtmf_style: 'rfc_2833',
    SIP_keep_alive_mode: 'custom',
    SIP_keep_alive_timeout: String(facts.keepAliveSeconds),
  };
  const codecs = facts.codecs.map((codec, index) => {
    return element('codec', [element('codec_id', CODEC[codec]), element('priority', String(index + 1)), element('enabled', 'true')]);
  });
  const settings = withExtra(ours, options).map(([name, value]) => element(named(name), value));
  const account = [...settings, element('stun', [element('use_stun', 'disabled')]), element('codecs', codecs)];
  return xmlDocument(element('options', [element('prov_version', '1.12'), element('accounts', [element('account', account)])]));
}

function named(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(name)) return name;
  throw badSetting(name, 'Zoiper', 'SIP_use_preconditions');
}
