/** An element as it was written. Text is what stands in it directly, trimmed, with entities resolved. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

/** The text is no well-formed document; the message says where. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

interface Open {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const NAME = '[A-Za-z_][\\w.\\-:]*';
const VALUE = '(?:"[^"<]*"|\'[^\'<]*\')';
const BESIDE = '<!--([^]*?)-->|<!\\[CDATA\\[([^]*?)\\]\\]>|<\\?([^]*?)\\?>';
const TOKEN = new RegExp(`${BESIDE}|</(${NAME})\\s*>|<(${NAME})((?:\\s+${NAME}\\s*=\\s*${VALUE})*)\\s*(/?)>|([^<]+)`, 'y');
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'g');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Reads one XML document with what TwiML needs of it: elements, attributes, text, comments, CDATA, the five entities and character references. A document
 * type is refused, as is everything that isn't well-formed.
 * @throws XmlError
 */
export function parseXml(source: string): XmlElement {
  const text = source.replace(/^\uFEFF/, '').trimStart();
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [root];
  const fail = (what: string, at: number): XmlError => new XmlError(`${what} in line ${text.slice(0, at).split('\n').length}`);
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) throw fail(`nothing that can stand there: ${JSON.stringify(text.slice(at, at + 40))}`, at);
    const [, , cdata, , closed, opened, attributes = '', empty, characters] = token;
    const here = open.at(-1)!;
    if (characters !== undefined || cdata !== undefined) {
      const words = cdata ?? resolved(characters ?? '', () => fail('an entity that nobody knows', at));
      if (open.length === 1 && words.trim() !== '') throw fail('text outside the root element', at);
      here.text += words;
    } else if (opened !== undefined) {
      if (open.length === 1 && root.children.length > 0) throw fail(`a second root element <${opened}>`, at);
      open.push({ name: opened, attributes: attributesOf(attributes, (what) => fail(what, at)), children: [], text: '' });
      if (empty === '/') close(open);
    } else if (closed !== undefined) {
      if (open.length === 1 || here.name !== closed) throw fail(`</${closed}> where <${here.name}> is open`, at);
      close(open);
    }
  }
  if (open.length > 1) throw fail(`<${open.at(-1)!.name}> isn't closed`, text.length);
  const [only] = root.children;
  if (only === undefined) throw new XmlError('no element at all');
  return only;
}

function close(open: Open[]): void {
  const { name, attributes, children, text } = open.pop()!;
  open.at(-1)!.children.push({ name, attributes, children, text: text.trim() });
}

function attributesOf(text: string, fail: (what: string) => XmlError): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    if (found.has(name)) throw fail(`attribute ${name} twice`);
    found.set(name, resolved(double ?? single ?? '', () => fail('an entity that nobody knows')));
  }
  return found;
}

function resolved(text: string, fail: () => XmlError): string {
  return text.replace(/&(?:#x([\da-fA-F]+)|#(\d+)|(\w*));?/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (!whole.endsWith(';')) throw fail();
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const character = name === undefined ? characterOf(code) : ENTITIES[name];
    if (character === undefined) throw fail();
    return character;
  });
}

const characterOf = (code: number): string | undefined => (code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : undefined);
