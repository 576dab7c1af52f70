import { withExtra, type SheetOptions } from './device-sheet.js';
import { badSetting } from './sheet.errors.js';
import { hostPort, labelOf, type SheetFacts } from './sheet-facts.js';
import { element, xmlDocument } from './xml.js';

/** Codecs are named by their RTP payload type (RFC 3551). */
const CODEC = { PCMU: '0', PCMA: '8' } as const;
const TRANSPORT = { udp: 'udp', tcp: 'tcp', tls: 'tls+sip:' } as const;

/**
 * Acrobits' Account XML (doc.acrobits.net, "Account XML"), which Cloud Softphone fetches from a provider. Whether Groundwire, as it is
 * sold, takes it is not established: the sheet for people has the same values to copy by hand. `tls+sip:` is TLS with plain `sip:`
 * addresses, which is what Twilio and our edge speak.
 */
export function groundwireXml(facts: SheetFacts, options: SheetOptions = {}): string {
  const codecs = facts.codecs.map((codec) => CODEC[codec]).join(',');
  const ours = {
    title: labelOf(facts),
    username: facts.username,
    password: facts.password,
    userDisplayName: labelOf(facts),
    authUsername: facts.username,
    host: hostPort(facts.domain, facts),
    ...(facts.proxy !== null && { proxy: hostPort(facts.proxy, facts) }),
    transport: TRANSPORT[facts.transport],
    codecOrder: codecs,
    codecOrder3G: codecs,
    dtmfOrder: 'rfc2833',
    ...(facts.srtp !== 'off' && { sdesIncoming: 'enabled', sdesOutgoing: 'enabled' }),
  };
  return xmlDocument(element('account', withExtra(ours, options).map(([name, value]) => element(named(name), value))));
}

/**
 * The code that logs a Cloud Softphone in at the provider of this Cloud ID, whose provisioning then answers with the account. User and
 * password are escaped as RFC 3986 says.
 * @throws PermanentError `bad_sheet_setting` for what is no Cloud ID
 */
export function acrobitsCode(facts: Pick<SheetFacts, 'username' | 'password'>, cloudId: string): string {
  if (!/^[A-Za-z0-9*]{1,40}$/.test(cloudId)) throw badSetting(cloudId, 'Acrobits', 'the Cloud ID ABCDEF, of letters and digits');
  return `csc:${encodeURIComponent(facts.username)}:${encodeURIComponent(facts.password)}@${cloudId}`;
}

function named(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(name)) return name;
  throw badSetting(name, 'Acrobits', 'voiceMailNumber');
}
