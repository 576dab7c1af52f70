import { parseArgs } from 'node:util';
import { ensurePart } from './ensure-part.js';
import { PART_NAMES, type PartName } from './part.js';

/**
 * `node deploy/parts/dist/main.js [name…]`: finds or fetches the named parts (all by default) and prints their
 * descriptors as one JSON object on standard output; progress goes to standard error. Exit code 1 when one is missing.
 */
const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !(PART_NAMES as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`unknown part: ${unknown.join(', ')}. Known are ${PART_NAMES.join(', ')}.`);
  process.exit(2);
}
const found: Record<string, unknown> = {};
for (const name of positionals.length > 0 ? (positionals as PartName[]) : PART_NAMES) {
  try {
    found[name] = await ensurePart(name, { onProgress: (line) => console.error(line) });
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
console.log(JSON.stringify(found, null, 2));
