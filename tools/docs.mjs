#!/usr/bin/env node
// `npm run docs` writes docs/events and docs/metrics.md; `npm run docs -- --check` fails when what is committed differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@troncal/contracts';
import { METRICS } from '@troncal/observability';
import { asyncApiDocument } from './events-docs/asyncapi.mjs';
import { catalogueMarkdown } from './events-docs/catalogue.mjs';
import { metricsMarkdown } from './metrics-docs/metrics-markdown.mjs';

const folder = join(import.meta.dirname, '..', 'docs');
const files = {
  'events/asyncapi.json': `${JSON.stringify(asyncApiDocument(contracts), null, 2)}\n`,
  'events/CATALOGUE.md': catalogueMarkdown(contracts),
  'metrics.md': metricsMarkdown(METRICS),
};
mkdirSync(join(folder, 'events'), { recursive: true });
const stale = Object.entries(files).filter(([name, text]) => {
  try {
    return readFileSync(join(folder, name), 'utf8') !== text;
  } catch {
    return true;
  }
});
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`docs/${name} is out of date: run npm run docs and commit it`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [name, text] of stale) writeFileSync(join(folder, name), text);
console.log(`docs: ${stale.length} of ${Object.keys(files).length} files written`);
