import { labelOf, portOf, requireSheetFacts, type SheetFacts } from './sheet-facts.js';

type Column = readonly [title: string, value: (facts: SheetFacts) => string];

const COLUMNS: readonly Column[] = [
  ['tenant', ({ tenant }) => tenant],
  ['extension', ({ extension }) => extension],
  ['role', (facts) => written(labelOf({ displayName: facts.role, extension: '-' }))],
  ['display_name', (facts) => written(labelOf(facts))],
  ['username', ({ username }) => username],
  ['password', ({ password }) => password],
  ['domain', ({ domain }) => domain],
  ['proxy', ({ proxy }) => proxy ?? ''],
  ['port', (facts) => String(portOf(facts))],
  ['transport', ({ transport }) => transport],
  ['expiry_seconds', ({ expirySeconds }) => String(expirySeconds)],
  ['codecs', ({ codecs }) => codecs.join(' ')],
  ['stun', ({ stun }) => stun],
  ['srtp', ({ srtp }) => srtp],
  ['keep_alive_seconds', ({ keepAliveSeconds }) => String(keepAliveSeconds)],
  ['time_zone', ({ timeZone }) => timeZone],
];

/**
 * Many sheets as one table (RFC 4180, with a header line), for a bulk import or a spreadsheet. A name that a spreadsheet would take for
 * a formula gets an apostrophe before it; users and passwords are exact, since a program must read them.
 * @throws PermanentError `bad_sheet_facts`
 */
export function sheetsCsv(sheets: readonly SheetFacts[]): string {
  for (const facts of sheets) requireSheetFacts(facts);
  const lines = [COLUMNS.map(([title]) => title), ...sheets.map((facts) => COLUMNS.map(([, value]) => value(facts)))];
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What people have written, and people may write `=HYPERLINK(…)`. */
const written = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
