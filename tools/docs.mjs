#!/usr/bin/env node
// `npm run docs` writes docs/events; `npm run docs -- --check` fails when what is committed differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@troncal/contracts';
import { asyncApiDocument } from './events-docs/asyncapi.mjs';
import { catalogueMarkdown } from './events-docs/catalogue.mjs';

const folder = join(import.meta.dirname, '..', 'docs', 'events');
const files = {
  'asyncapi.json': `${JSON.stringify(asyncApiDocument(contracts), null, 2)}\n`,
  'CATALOGUE.md': catalogueMarkdown(contracts),
};
mkdirSync(folder, { recursive: true });
const stale = Object.entries(files).filter(([name, text]) => {
  try {
    return readFileSync(join(folder, name), 'utf8') !== text;
  } catch {
    return true;
  }
});
if (process.argv.includes('--check')) {
  for (const [name] of stale) console.error(`docs/events/${name} is out of date: run npm run docs and commit it`);
  process.exit(stale.length > 0 ? 1 : 0);
}
for (const [name, text] of stale) writeFileSync(join(folder, name), text);
console.log(`docs/events: ${stale.length} of ${Object.keys(files).length} files written`);
