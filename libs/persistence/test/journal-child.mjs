// A process that writes to a journal and drains it, to be killed at a label (CRASH_AT) by journal.spec. Runs against the built library.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../dist/journal/journal.js';

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const silent = { warn() {}, error() {}, info() {}, debug() {} };
const journal = new Journal(join(folder, 'spec.journal'), silent);
await journal.open();
for (let index = 0; index < count; index += 1) {
  const entry = `${process.pid}-${index}`;
  if (await journal.append({ entry }, () => true)) appendFileSync(join(folder, 'promised'), `${entry}\n`);
}
await journal.drain(
  async ({ entry }) => appendFileSync(join(folder, 'stored'), `${entry}\n`),
  () => {},
);
await journal.close();
