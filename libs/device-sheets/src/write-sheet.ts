import type { DeviceSheet, SheetKind, SheetOptions } from './device-sheet.js';
import { grandstreamXml } from './grandstream.js';
import { groundwireXml } from './groundwire.js';
import { linphoneXml } from './linphone.js';
import { microsipIni } from './microsip.js';
import { readableHtml, readableText } from './readable.js';
import { badSetting } from './sheet.errors.js';
import { requireSheetFacts, type SheetFacts } from './sheet-facts.js';
import { yealinkCfg } from './yealink.js';
import { zoiperXml } from './zoiper.js';

interface Writer {
  readonly mediaType: string;
  readonly extension: string;
  /** What the device asks for, when its MAC address is known. */
  readonly byMac?: (mac: string) => string;
  readonly write: (facts: SheetFacts, options: SheetOptions) => string;
}

const XML = 'application/xml; charset=utf-8';
const WRITERS: Readonly<Record<SheetKind, Writer>> = {
  grandstream: { mediaType: XML, extension: 'xml', byMac: (mac) => `cfg${mac}.xml`, write: (facts, options) => grandstreamXml('phone', facts, options) },
  'grandstream-ht': { mediaType: XML, extension: 'xml', byMac: (mac) => `cfg${mac}.xml`, write: (facts, options) => grandstreamXml('adapter', facts, options) },
  yealink: { mediaType: 'text/plain; charset=utf-8', extension: 'cfg', byMac: (mac) => `${mac}.cfg`, write: yealinkCfg },
  microsip: { mediaType: 'text/plain; charset=us-ascii', extension: 'ini', write: microsipIni },
  linphone: { mediaType: XML, extension: 'xml', write: linphoneXml },
  zoiper: { mediaType: XML, extension: 'xml', write: zoiperXml },
  groundwire: { mediaType: XML, extension: 'xml', write: groundwireXml },
  text: { mediaType: 'text/plain; charset=utf-8', extension: 'txt', write: readableText },
  html: { mediaType: 'text/html; charset=utf-8', extension: 'html', write: readableHtml },
};

/**
 * The sheet of one account for one kind of device: the same facts always give the same file.
 * @throws PermanentError `bad_sheet_facts`, `bad_sheet_setting`, or `sheet_cannot_hold` when the device's format has no way to write a credential
 */
export function writeSheet(kind: SheetKind, facts: SheetFacts, options: SheetOptions = {}): DeviceSheet {
  requireSheetFacts(facts);
  const mac = options.mac?.toLowerCase().replaceAll(/[:.-]/g, '');
  if (mac !== undefined && !/^[0-9a-f]{12}$/.test(mac)) throw badSetting(String(options.mac), 'a device’s MAC address', '000b82112233, as on its back');
  const { mediaType, extension, byMac, write } = WRITERS[kind];
  const fileName = mac !== undefined && byMac ? byMac(mac) : `${facts.tenant}-${facts.extension}-${kind}.${extension}`;
  return { kind, fileName, mediaType, body: write(facts, { ...options, ...(mac !== undefined && { mac }) }) };
}
