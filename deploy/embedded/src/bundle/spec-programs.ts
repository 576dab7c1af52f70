import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BUNDLER = fileURLToPath(new URL('./bundler.js', import.meta.url));
const CHILD = /-child\.(ts|mjs)$/;

/** The folder `test` of every package that has one: the programs there are of specs. */
function testFolders(cloneDir: string): string[] {
  return ['services', 'libs'].flatMap((parent) => fs.readdirSync(path.join(cloneDir, parent)).map((name) => path.join(cloneDir, parent, name, 'test'))).filter((folder) => fs.existsSync(folder));
}

/** What specs start again and again, and kill: `libs/chassis/test/crash-child.ts` is `crash-child`. Their names differ. */
function specPrograms(cloneDir: string): { readonly name: string; readonly file: string }[] {
  return testFolders(cloneDir).flatMap((folder) => fs.readdirSync(folder).filter((file) => CHILD.test(file)).map((file) => ({ name: file.replace(/\.[a-z]+$/, ''), file: path.join(folder, file) })));
}

/** Of the sources of what specs start, besides what is compiled. */
function sourcesHash(cloneDir: string): string {
  const hash = createHash('sha256');
  for (const folder of testFolders(cloneDir)) {
    const files = fs.readdirSync(folder).filter((file) => /\.(ts|mjs)$/.test(file)).toSorted();
    if (!files.some((file) => CHILD.test(file))) continue;
    for (const file of files) hash.update(file).update(fs.readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** In the folder of the programs: of which sources they are. */
const STAMP = 'sources';

/**
 * The specs' own programs, beside the services of a bundle, in few files as those are, made anew when their sources have changed: a process that is killed again and
 * again is there in a third of the time. In one go for all specs, for a bundler takes as long for one of them.
 * @throws Error with the bundler's words
 */
export async function bundleSpecPrograms(cloneDir: string, bundle: string): Promise<void> {
  const folder = path.join(bundle, 'specs');
  const hash = sourcesHash(cloneDir);
  const isThere = (): boolean => fs.existsSync(path.join(folder, STAMP)) && fs.readFileSync(path.join(folder, STAMP), 'utf8') === hash;
  if (isThere()) return;
  const making = `${folder}.${process.pid}`;
  try {
    await promisify(execFile)(process.execPath, [BUNDLER, making, ...specPrograms(cloneDir).map(({ name, file }) => `${name}=${file}`)]);
    fs.writeFileSync(path.join(making, STAMP), hash);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(making, folder);
  } catch (error) {
    // When two do it at once, either's are as good.
    if (!isThere()) throw error;
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}
