/** An element: either text or children. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlElement[];
}

/** An element, in one breath. */
export function element(name: string, content: XmlElement['content'], attributes?: XmlElement['attributes']): XmlElement {
  return { name, content, ...(attributes && { attributes }) };
}

/** Text of XML 1.0, in an element or an attribute: never markup, whatever it says. Control characters are the caller's to keep out: XML can't hold them. */
export function xmlText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}

/** A whole document in UTF-8, an element a line. An element of text stands on its one line, since some phones take the white space around it for part of it. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, 0).join('\n')}\n`;
}

function lines({ name, attributes = {}, content }: XmlElement, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const named = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(value)}"`);
  const opening = `${indent}<${name}${named.join('')}>`;
  if (typeof content === 'string') return [`${opening}${xmlText(content)}</${name}>`];
  return [opening, ...content.flatMap((child) => lines(child, depth + 1)), `${indent}</${name}>`];
}
