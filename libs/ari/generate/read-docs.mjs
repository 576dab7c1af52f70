import fs from 'node:fs';
import path from 'node:path';

/** Models that belong to REST over WebSocket, which this client doesn't speak (README: why). */
const LEFT_OUT_MODELS = new Set(['RESTRequest', 'RESTResponse', 'RESTHeader', 'RESTQueryStringParameter']);

/** The websocket itself is opened by hand. */
const LEFT_OUT_OPERATIONS = new Set(['eventWebsocket']);

/** `resources.json` is an index; Asterisk serves mailboxes to nobody of ours (Debian's package has no res_ari_mailboxes). */
const LEFT_OUT_FILES = new Set(['resources.json', 'mailboxes.json']);

/** Reads every document and resolves which model lives in which resource and which models are events. */
export function readDocs(folder) {
  const resources = [];
  const home = new Map();
  let apiVersion = '';
  for (const file of sorted(fs.readdirSync(folder).filter((name) => name.endsWith('.json') && !LEFT_OUT_FILES.has(name)))) {
    const document = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    apiVersion = document.apiVersion;
    const name = file.replace('.json', '');
    const fileName = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const models = Object.values(document.models ?? {}).filter((model) => !LEFT_OUT_MODELS.has(model.id));
    const operations = document.apis.flatMap((api) =>
      (api.operations ?? [])
        .filter((operation) => !LEFT_OUT_OPERATIONS.has(operation.nickname))
        .map((operation) => ({ ...operation, path: api.path, parameters: operation.parameters ?? [] })),
    );
    for (const model of models) home.set(model.id, fileName);
    resources.push({ name, fileName, models, operations });
  }
  const all = new Map(resources.flatMap((resource) => resource.models.map((model) => [model.id, model])));
  const eventNames = new Set(all.get('Event').subTypes.filter((id) => !LEFT_OUT_MODELS.has(id)));
  return { apiVersion, resources, home, all, eventNames };
}

/** The base models of `id`, nearest first: swagger 1.1 writes them down at the base as `subTypes`. */
export function basesOf(id, docs) {
  const base = [...docs.all.values()].find((model) => model.subTypes?.includes(id));
  return base ? [base, ...basesOf(base.id, docs)] : [];
}

const PRIMITIVES = new Map([
  ['string', 'string'],
  ['Date', 'string'],
  ['int', 'number'],
  ['long', 'number'],
  ['double', 'number'],
  ['boolean', 'boolean'],
  ['void', 'void'],
  ['binary', 'Uint8Array'],
  ['object', 'Readonly<Record<string, unknown>>'],
  ['containers', 'Readonly<Record<string, unknown>>'],
]);

/** The TypeScript of a swagger type; `mention` hears of every model that is named. */
export function typeText(type, mention) {
  const list = /^List\[(.+)\]$/.exec(type);
  if (list) return `readonly ${wrap(typeText(list[1], mention))}[]`;
  const primitive = PRIMITIVES.get(type);
  if (primitive) return primitive;
  mention(type);
  return type;
}

const wrap = (text) => (text.includes(' ') ? `(${text})` : text);

/** Allowed values as a union of literals, or undefined when there is no list. */
export function literals(allowable) {
  if (allowable?.valueType !== 'LIST') return undefined;
  return allowable.values.map((value) => `'${value}'`).join(' | ');
}

/** A doc comment of one paragraph, indented; empty when there is nothing to say. */
export function comment(parts, indent = '') {
  const text = parts.filter(Boolean).join(' ').replaceAll('*/', '*\\/').replaceAll(/\s+/g, ' ').trim();
  return text ? `${indent}/** ${text} */\n` : '';
}

/** Import lines for the models that a file mentions and doesn't hold itself. */
export function importsOf(mentioned, ownFile, docs) {
  const byFile = new Map();
  for (const id of sorted(mentioned)) {
    const file = docs.home.get(id);
    if (!file) throw new Error(`No document defines the model ${id}`);
    if (file === ownFile) continue;
    byFile.set(file, [...(byFile.get(file) ?? []), id]);
  }
  return sorted(byFile.keys())
    .map((file) => `import type { ${byFile.get(file).join(', ')} } from './${file}-models.js';\n`)
    .join('');
}

/** By code unit, so that the output is the same on every machine. */
export function sorted(texts) {
  return [...texts].sort((a, b) => (a < b ? -1 : Number(a > b)));
}
