import type { XmlElement } from './xml.js';

export const attribute = (element: XmlElement, name: string): string | undefined => element.attributes.get(name);

/** A whole number of at least `least`; `otherwise` for what is absent or none, of which `warn` is told. */
export function wholeNumber(element: XmlElement, name: string, otherwise: number, least: number, warn: (value: string) => void): number {
  const value = attribute(element, name);
  if (value === undefined) return otherwise;
  if (/^\d{1,7}$/.test(value) && Number(value) >= least) return Number(value);
  warn(value);
  return otherwise;
}

export function isTrue(element: XmlElement, name: string, otherwise = false): boolean {
  return (attribute(element, name)?.toLowerCase() ?? String(otherwise)) === 'true';
}

/** The method of an attribute; POST unless it says GET. */
export const methodOf = (element: XmlElement, name = 'method'): 'GET' | 'POST' => (attribute(element, name)?.toUpperCase() === 'GET' ? 'GET' : 'POST');

/** Values of a list in an attribute, parted by spaces. */
export const listOf = (element: XmlElement, name: string): readonly string[] => (attribute(element, name) ?? '').split(/\s+/).filter((each) => each !== '');
