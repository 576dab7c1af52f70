import { basesOf, comment, importsOf, literals, typeText } from './read-docs.mjs';

/** Interfaces of one resource's models; events get their literal `type`. Undefined when the resource has none. */
export function renderModels(resource, docs) {
  if (resource.models.length === 0) return undefined;
  const mentioned = new Set();
  const bodies = resource.models.map((model) => renderModel(model, docs, (id) => mentioned.add(id)));
  const imports = importsOf(mentioned, resource.fileName, docs);
  return `${imports}${imports ? '\n' : ''}${bodies.join('\n')}`;
}

function renderModel(model, docs, mention) {
  const [base] = basesOf(model.id, docs);
  if (base) mention(base.id);
  const isEvent = docs.eventNames.has(model.id);
  const lines = Object.entries(model.properties ?? {}).map(([name, property]) => {
    const type = literals(property.allowableValues) ?? typeText(property.type, mention);
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`;
    return `${comment([property.description], '  ')}  readonly ${key}${property.required ? '' : '?'}: ${type}${property.required ? '' : ' | undefined'};\n`;
  });
  if (isEvent) lines.unshift(`  readonly type: '${model.id}';\n`);
  const heritage = base ? ` extends ${base.id}` : '';
  return `${comment([model.description, isEvent ? '' : model.notes])}export interface ${model.id}${heritage} {\n${lines.join('')}}\n`;
}
