import { labelOf, portOf, type SheetFacts } from './sheet-facts.js';
import { wordsOf } from './sheet-words.js';
import { xmlText } from './xml.js';

/** A sheet's values as a person copies them, in order: what it is called, what it is. */
export function sheetRows(facts: SheetFacts): (readonly [name: string, value: string])[] {
  const words = wordsOf(facts.language);
  const { rows } = words;
  return [
    [rows.tenant, facts.tenant],
    [rows.name, labelOf(facts)],
    [rows.extension, facts.extension],
    [rows.role, labelOf({ displayName: facts.role, extension: '-' })],
    [rows.username, facts.username],
    [rows.password, facts.password],
    [rows.domain, facts.domain],
    ...(facts.proxy === null ? [] : [[rows.proxy, facts.proxy] as const]),
    [rows.port, String(portOf(facts))],
    [rows.transport, facts.transport.toUpperCase()],
    [rows.expiry, words.seconds(facts.expirySeconds)],
    [rows.codecs, words.codecs(facts.codecs)],
    [rows.dtmf, 'RFC 4733 (RFC 2833)'],
    [rows.stun, words.off],
    [rows.keepAlive, words.seconds(facts.keepAliveSeconds)],
    [rows.symmetricRtp, facts.symmetricRtp ? words.yes : words.no],
    [rows.srtp, words.srtp[facts.srtp]],
    [rows.timeZone, facts.timeZone],
  ];
}

/** The sheet as text: a value a line behind its name, never two values in one. */
export function readableText(facts: SheetFacts): string {
  const words = wordsOf(facts.language);
  const rows = sheetRows(facts);
  const width = Math.max(...rows.map(([name]) => name.length));
  return `${[words.title, '', ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`), '', words.secret].join('\n')}\n`;
}

/** The sheet as one page of HTML to print: no script, no image, nothing fetched from anywhere. */
export function readableHtml(facts: SheetFacts): string {
  const words = wordsOf(facts.language);
  const rows = sheetRows(facts).map(([name, value]) => `<tr><th scope="row">${xmlText(name)}</th><td>${xmlText(value)}</td></tr>`);
  return `<!doctype html>
<html lang="${facts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${xmlText(words.title)}</title>
<style>
body { font: 12pt/1.5 sans-serif; margin: 2em auto; max-width: 42em; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #999; padding: 0.3em 0.5em; text-align: left; vertical-align: top; }
td { font-family: monospace; overflow-wrap: anywhere; }
tr { break-inside: avoid; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<h1>${xmlText(words.title)}</h1>
<table>
${rows.join('\n')}
</table>
<p>${xmlText(words.secret)}</p>
</body>
</html>
`;
}
