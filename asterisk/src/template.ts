import type { Fault } from '@troncal/kernel';

const PLACE = /\{\{([^{}]*)\}\}/g;

/**
 * Fills the `{{NAME}}` places of one file. Values are inserted as they are: they were checked before.
 * @param faults gets one entry for every place without a value
 */
export function fill(file: string, template: string, values: ReadonlyMap<string, string>, faults: Fault[]): string {
  return template.replaceAll(PLACE, (place, name: string) => {
    const value = values.get(name);
    if (value === undefined) faults.push({ where: file, message: `nothing is known about ${place}` });
    return value ?? place;
  });
}

/** The names that a template asks for. */
export function placesOf(template: string): string[] {
  return [...template.matchAll(PLACE)].map((match) => match[1] ?? '');
}
