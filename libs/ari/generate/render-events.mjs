import { basesOf, importsOf, sorted } from './read-docs.mjs';

/** The discriminated union on `type`. */
export function renderEventUnion(docs) {
  const names = sorted(docs.eventNames);
  return `${importsOf(new Set(names), 'events-union', docs)}
/** Every event that Asterisk documents, told apart by \`type\`. */
export type AriEvent =
${names.map((name) => `  | ${name}`).join('\n')};

/** The name of a documented event. */
export type AriEventType = AriEvent['type'];

/** The event with that name. */
export type AriEventOf<T extends AriEventType> = Extract<AriEvent, { readonly type: T }>;
`;
}

/** What kind of JSON value each required field of an event is, so that a parser can hold an event against its type. */
export function renderEventFields(docs) {
  const kind = (type) => {
    if (type.startsWith('List[')) return 'array';
    if (['int', 'long', 'double'].includes(type)) return 'number';
    if (type === 'boolean') return 'boolean';
    if (type === 'string' || type === 'Date') return 'string';
    return 'object';
  };
  const entries = sorted(docs.eventNames).map((name) => {
    const models = [docs.all.get(name), ...basesOf(name, docs)];
    const fields = models.flatMap((model) => Object.entries(model.properties ?? {}).filter(([field, property]) => property.required && field !== 'type'));
    return `  ${name}: { ${fields.map(([field, property]) => `${field}: '${kind(property.type)}'`).join(', ')} },`;
  });
  return `import type { AriEventType } from './events.js';

/** The kinds of JSON value. */
export type JsonKind = 'string' | 'number' | 'boolean' | 'array' | 'object';

/** The fields that each event must have, and of which kind. */
export const EVENT_FIELDS: Readonly<Record<AriEventType, Readonly<Record<string, JsonKind>>>> = {
${entries.join('\n')}
};
`;
}
