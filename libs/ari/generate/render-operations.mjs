import { comment, importsOf, literals, typeText } from './read-docs.mjs';

/** What the documents call \`containers\` is three different shapes; read from their descriptions and tried on 22.10. */
const BODY_TYPES = new Map([
  ['fields', 'readonly { readonly attribute: string; readonly value: string }[]'],
  ['filter', 'Readonly<Record<string, unknown>>'],
  ['variables', 'Readonly<Record<string, string | { readonly value: string; readonly report_events?: boolean }>>'],
]);

/** A class with one method per operation. Undefined when the resource has none. */
export function renderOperations(resource, docs) {
  if (resource.operations.length === 0) return undefined;
  const mentioned = new Set();
  const mention = (id) => mentioned.add(id);
  const className = `${resource.name[0].toUpperCase()}${resource.name.slice(1)}Api`;
  const methods = resource.operations.map((operation) => renderOperation(resource, operation, mention));
  return `${importsOf(mentioned, `${resource.fileName}-api`, docs)}import type { AriSend } from '../command.js';

/** Operations of ARI's \`${resource.name}\`. Each rejects with an AriError; the comments name the statuses Asterisk documents. */
export class ${className} {
  constructor(private readonly send: AriSend) {}

${methods.join('\n')}}
`;
}

function renderOperation(resource, operation, mention) {
  const result = typeText(operation.responseClass, mention);
  const errors = (operation.errorResponses ?? []).map((error) => `${error.code} ${error.reason.replace(/\.$/, '')}`);
  const doc = comment([sentence(operation.summary), sentence(operation.notes), errors.length ? `Errors: ${errors.join('; ')}.` : ''], '  ');
  const needed = operation.parameters.some((parameter) => isRequired(parameter));
  const fields = operation.parameters.map((parameter) => {
    const type = parameterType(parameter);
    const optional = isRequired(parameter) ? '' : '?';
    return `${comment([parameter.description], '    ')}    readonly ${parameter.name}${optional}: ${type}${optional ? ' | undefined' : ''};\n`;
  });
  const argument = fields.length === 0 ? '' : `params: {\n${fields.join('')}  }${needed ? '' : ' = {}'}`;
  const command = [
    `operation: '${resource.name}.${operation.nickname}'`,
    `method: '${operation.httpMethod}'`,
    `path: ${pathText(operation)}`,
    ...inTheQuery(operation),
    ...inTheBody(operation),
    ...(result === 'Uint8Array' ? [`binary: true`] : []),
  ];
  return `${doc}  ${operation.nickname}(${argument}): Promise<${result}> {
    return this.send<${result}>({ ${command.join(', ')} });
  }
`;
}

const isRequired = (parameter) => parameter.paramType === 'path' || parameter.required === true;
const sentence = (text) => (text ? text.replace(/\.?$/, '.') : '');

function parameterType(parameter) {
  if (parameter.paramType === 'body') {
    const type = BODY_TYPES.get(parameter.name);
    if (!type) throw new Error(`No shape is known for the body parameter ${parameter.name}`);
    return type;
  }
  const single = literals(parameter.allowableValues) ?? typeText(parameter.dataType, () => {});
  return parameter.allowMultiple ? `readonly ${single.includes(' ') ? `(${single})` : single}[]` : single;
}

function pathText(operation) {
  if (!operation.path.includes('{')) return `'${operation.path}'`;
  return `\`${operation.path.replaceAll(/\{(\w+)\}/g, '${encodeURIComponent(params.$1)}')}\``;
}

function inTheQuery(operation) {
  const names = operation.parameters.filter((parameter) => parameter.paramType === 'query').map((parameter) => `${parameter.name}: params.${parameter.name}`);
  return names.length ? [`query: { ${names.join(', ')} }`] : [];
}

/** ARI's JSON body is an object keyed by parameter name, but an event filter is the body itself (asked of 22.10). */
function inTheBody(operation) {
  const names = operation.parameters.filter((parameter) => parameter.paramType === 'body').map((parameter) => parameter.name);
  if (names.includes('filter')) return ['body: params.filter'];
  return names.length ? [`body: { ${names.map((name) => `${name}: params.${name}`).join(', ')} }`] : [];
}
