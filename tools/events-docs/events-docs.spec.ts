import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import * as contracts from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { asyncApiDocument } from './asyncapi.mjs';
import { catalogueMarkdown } from './catalogue.mjs';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'events');

describe('docs/events', () => {
  it('is what the contracts say today (else: npm run docs)', async () => {
    expect(await readFile(join(folder, 'asyncapi.json'), 'utf8')).toBe(`${JSON.stringify(asyncApiDocument(contracts), null, 2)}\n`);
    expect(await readFile(join(folder, 'CATALOGUE.md'), 'utf8')).toBe(catalogueMarkdown(contracts));
  });

  it('is valid AsyncAPI 3, its examples included', async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument(contracts)));
    expect(diagnostics.filter((diagnostic) => diagnostic.severity === 0).map((diagnostic) => `${diagnostic.path.join('.')}: ${diagnostic.message}`)).toEqual([]);
    expect(document?.channels().length).toBe(contracts.EVENTS.length);
  });
});
