/** Readers of the formats that sheets are written in, by the formats' own rules and without a line of the writers'. Each refuses what is not well formed. */

/** An element as read: its text is that of itself alone. */
export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: ReadElement[];
  text: string;
}

const NAME = '[A-Za-z_][A-Za-z0-9_.-]*';

/** XML 1.0 without DTD, comments and processing instructions: sheets are written without them, so one that appears is a fault. */
export function readXml(document: string): ReadElement {
  const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!document.startsWith(prolog)) throw new Error('no XML declaration');
  const root: ReadElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  let rest = document.slice(prolog.length);
  while (rest !== '') {
    const top = open.at(-1) ?? root;
    const tag = new RegExp(`^<(${NAME})((?: ${NAME}="[^"<]*")*)>`).exec(rest);
    const end = new RegExp(`^</(${NAME})>`).exec(rest);
    const text = /^[^<]+/.exec(rest);
    if (tag) {
      const attributes = Object.fromEntries([...(tag[2] ?? '').matchAll(new RegExp(`(${NAME})="([^"]*)"`, 'g'))].map(([, key = '', value = '']) => [key, unescaped(value)]));
      const element = { name: tag[1] ?? '', attributes, children: [], text: '' };
      top.children.push(element);
      open.push(element);
    } else if (end) {
      if (top.name !== end[1]) throw new Error(`</${String(end[1])}> closes <${top.name}>`);
      open.pop();
    } else if (text) top.text += unescaped(text[0]);
    else throw new Error(`neither text nor a tag: ${rest.slice(0, 40)}`);
    rest = rest.slice((tag ?? end ?? text)?.[0].length);
  }
  const [only, ...more] = root.children;
  if (open.length > 1 || !only || more.length > 0 || root.text.trim() !== '') throw new Error('not one whole root element');
  return only;
}

/** Not characters of XML 1.0 (section 2.2). */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

function unescaped(text: string): string {
  if (NO_XML.test(text)) throw new Error('a character that XML cannot hold');
  return text.replaceAll(/&(?:#([0-9]+);)?/g, (whole, code: string | undefined) => {
    if (code === undefined) throw new Error(`a bare ${whole}`);
    return String.fromCodePoint(Number(code));
  });
}

/** As Windows' GetPrivateProfileString reads: the first section and the first key of a name win, outer white space and one pair of quotes go. */
export function readIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let keys: Map<string, string> | undefined;
  for (const line of text.split('\r\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith(';')) continue;
    const title = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (title !== undefined) {
      keys = sections.get(title) ?? new Map<string, string>();
      sections.set(title, keys);
      continue;
    }
    const at = line.indexOf('=');
    if (at < 0 || !keys) throw new Error(`no key: ${line}`);
    const value = line.slice(at + 1).trim();
    const quoted = /^"(.*)"$|^'(.*)'$/.exec(value);
    const key = line.slice(0, at).trim();
    if (!keys.has(key)) keys.set(key, quoted ? (quoted[1] ?? quoted[2] ?? '') : value);
  }
  return sections;
}

/** Yealink's: the version first, `#` begins a comment wherever it stands (the strictest reading there is), a later key wins. */
export function readCfg(text: string): Map<string, string> {
  const [first, ...lines] = text.split(/\r?\n/);
  if (first !== '#!version:1.0.0.1') throw new Error('the version is not the first line');
  const entries = lines.map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  return new Map(
    entries.map((line) => {
      const [, key, value] = /^([A-Za-z0-9_.]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (key === undefined || value === undefined) throw new Error(`no key: ${line}`);
      return [key, value.trim()];
    }),
  );
}

/** RFC 4180, character by character. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(at + 1) === '"') cell += text.charAt((at += 1));
      else quoted = false;
    } else if (character === '"') {
      if (cell !== '') throw new Error('a quote inside an unquoted cell');
      quoted = true;
    } else if (character === ',' || character === '\r') {
      row.push(cell);
      cell = '';
      if (character === ',') continue;
      if (text.charAt((at += 1)) !== '\n') throw new Error('CR without LF');
      rows.push(row);
      row = [];
    } else cell += character;
  }
  if (quoted || row.length > 0 || cell !== '') throw new Error('the last line does not end');
  return rows;
}
