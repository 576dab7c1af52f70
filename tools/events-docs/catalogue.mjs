import { z } from 'zod';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(schema) {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any');
}

function fieldRows(event) {
  const schema = z.toJSONSchema(event.schema, { target: 'draft-7', unrepresentable: 'any' });
  return Object.entries(schema.properties ?? {}).map(
    ([name, property]) => `| \`${name}\`${schema.required?.includes(name) ? '' : '?'} | ${cell(typeOf(property))} | ${cell(property.description ?? '')} |`,
  );
}

/**
 * CATALOGUE.md: every event and command, who says it, who acts on it, its fields and an example.
 *
 * @param {typeof import('@troncal/contracts')} contracts
 */
export function catalogueMarkdown({ EVENTS, COMMANDS, STREAMS }) {
  const lines = [
    '# Events and commands',
    '',
    'Generated from `libs/contracts` by `npm run docs`; a test fails when it is out of date. The machine-readable form is [asyncapi.json](asyncapi.json).',
    '',
    `${EVENTS.length} events in ${STREAMS.filter((stream) => stream.name.startsWith('EVT_')).length} streams, ${COMMANDS.length} commands. Fields marked \`?\` may be missing; fields may be added inside a version.`,
    '',
    '| event | said by | acted on by | when |',
    '|---|---|---|---|',
    ...EVENTS.map((event) => `| [${event.type}](#${event.type.toLowerCase().replace('.', '')}) | ${event.producers.join(', ')} | ${event.consumers.join(', ') || '–'} | ${cell(event.summary)} |`),
    '',
    '| command | answered by | asked by | deadline | what |',
    '|---|---|---|---|---|',
    ...COMMANDS.map((command) => `| \`${command.subject}\` | ${command.service} | ${command.clients.join(', ')} | ${command.timeoutMs} ms | ${cell(command.summary)} |`),
  ];
  for (const event of EVENTS)
    lines.push('', `## ${event.type}`, '', event.summary, '', `Subject \`${event.filter.replace('*', '<tenant>')}\`, counted per ${event.aggregate}.`, '', '| field | type | meaning |', '|---|---|---|', ...fieldRows(event), '', '```json', JSON.stringify(event.example), '```');
  return `${lines.join('\n')}\n`;
}
