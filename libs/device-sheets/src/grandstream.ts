import { withExtra, type SheetOptions } from './device-sheet.js';
import { badSetting } from './sheet.errors.js';
import { hostPort, labelOf, type SheetCodec, type SheetFacts } from './sheet-facts.js';
import { element, xmlDocument } from './xml.js';

const TRANSPORT = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP = { off: '0', optional: '1', required: '2' } as const;
const VOCODER = { PCMU: '0', PCMA: '8' } as const;
/** The phone's choices, first to seventh. */
const CHOICES = ['P57', 'P58', 'P59', 'P60', 'P61', 'P62', 'P46'] as const;

/**
 * Account 1 of a GXP, GRP or WP phone, or FXS port 1 of an HT adapter, as P-values, which are the same in all models and firmwares of a family
 * (FusionPBX's templates for GXP16xx 1.0.4.33, GRP2612 1.0.3.6, HT801 and HT818 1.0.10.6, read side by side).
 * Only a digit's way differs: three switches on a phone, an order of three ways on an adapter.
 */
export function grandstreamXml(family: 'phone' | 'adapter', facts: SheetFacts, options: SheetOptions = {}): string {
  const { username, password, domain, proxy, transport, keepAliveSeconds } = facts;
  const settings = {
    P271: '1',
    P270: labelOf(facts),
    P47: hostPort(domain, facts),
    P48: proxy === null ? '' : hostPort(proxy, facts),
    P35: username,
    P36: username,
    P34: password,
    P3: labelOf(facts),
    P31: '1',
    P32: String(minutes(facts.expirySeconds)),
    P130: TRANSPORT[transport],
    ...(family === 'phone' && { P2329: '0' }),
    // Keep-alive, not STUN, and no STUN server.
    P52: '2',
    P76: '',
    P84: String(keepAliveSeconds),
    ...(family === 'phone' ? { P2301: '0', P2302: '1', P2303: '0' } : { P850: '101', P851: '102', P852: '100' }),
    P79: '101',
    ...vocoders(facts.codecs),
    P183: SRTP[facts.srtp],
    P291: facts.symmetricRtp ? '1' : '0',
  };
  const values = withExtra(settings, options).map(([name, value]) => element(pValue(name), value));
  const mac = options.mac === undefined ? [] : [element('mac', options.mac)];
  return xmlDocument(element('gs_provision', [...mac, element('config', values, { version: '1' })], { version: '1' }));
}

/** P32 counts minutes. Rounded down: a phone that renews early is never late. */
const minutes = (seconds: number): number => Math.max(1, Math.floor(seconds / 60));

/** Every choice is filled, the rest with the last one: an empty choice keeps what the phone had, such as G.722. */
function vocoders(codecs: readonly SheetCodec[]): Record<string, string> {
  return Object.fromEntries(CHOICES.map((choice, index) => [choice, VOCODER[codecs[Math.min(index, codecs.length - 1)] ?? 'PCMU']]));
}

function pValue(name: string): string {
  if (/^P[0-9]{1,6}$/.test(name)) return name;
  throw badSetting(name, 'Grandstream', 'P2330');
}
