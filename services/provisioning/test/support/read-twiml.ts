/** An element of a TwiML document. */
export interface TwimlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly TwimlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
/** Not characters of XML 1.0 (section 2.2). */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Reads XML 1.0 as far as TwiML needs it, and strictly: a stray `<` or `&`, an unknown entity, a character that XML can't hold, a comment, a processing
 * instruction or a wrong end tag throws. @returns the root
 */
export function readTwiml(document: string): TwimlElement {
  const bad = (why: string): never => {
    throw new SyntaxError(`${why}: ${document}`);
  };
  if (NO_XML.test(document)) bad('a character that XML has not');
  const unescaped = (text: string, brackets: RegExp): string => {
    if (brackets.test(text)) bad('a stray bracket');
    return text.replaceAll(/&(?:#(x?)([0-9A-Fa-f]+)|(\w+)|.?);?/gu, (whole, hex: string | undefined, code: string | undefined, name: string | undefined) => {
      if (!whole.endsWith(';')) return bad('a stray ampersand');
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, hex === 'x' ? 16 : 10));
      return ENTITIES[name ?? ''] ?? bad('an unknown entity');
    });
  };
  const [declaration] = /^<\?xml version="1\.0" encoding="UTF-8"\?>/.exec(document) ?? bad('no XML declaration');
  const token = /<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  interface Open { readonly name: string; readonly attributes: Record<string, string>; readonly children: TwimlElement[]; text: string }
  const top: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [top];
  while (token.lastIndex < document.length) {
    const [, end, name, attributes = '', empty, text] = token.exec(document) ?? bad('no XML');
    const inner = open.at(-1) ?? bad('more is closed than was opened');
    if (text !== undefined) inner.text += unescaped(text, /[<>]/);
    else if (end === '/') {
      if (inner.name !== name || open.length === 1) bad(`</${name}> closes <${inner.name}>`);
      open.pop();
    } else {
      const pairs = [...attributes.matchAll(/([A-Za-z][\w:-]*)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value, /</)] as const);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) bad('an attribute twice');
      const element: Open = { name: name ?? '', attributes: Object.fromEntries(pairs), children: [], text: '' };
      inner.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [root] = top.children;
  if (open.length > 1 || top.children.length > 1 || !root) return bad('not one whole document');
  return root;
}

/** The verbs of a document, in order. */
export function verbsOf(document: string): readonly TwimlElement[] {
  const root = readTwiml(document);
  if (root.name !== 'Response') throw new SyntaxError(`no <Response>: ${document}`);
  return root.children;
}
