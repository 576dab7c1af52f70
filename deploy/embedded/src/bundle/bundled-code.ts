import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { compiledFile } from './entries.js';
import type { ServiceCode } from './service-code.js';

const run = promisify(execFile);
const BUNDLER = fileURLToPath(new URL('./bundler.js', import.meta.url));
/** Running stacks of one clone may be of different ages. */
const KEPT = 5;

/** Services in few files. */
export interface Bundle extends ServiceCode {
  readonly folder: string;
}

/** As it was compiled: some 1,900 files for each service. */
export function unbundledCode(compiledDir: string): ServiceCode {
  return { main: (name) => fileURLToPath(compiledFile(name, 'main')), module: (name) => compiledFile(name, 'index').href, compiledDir };
}

/**
 * The services in few files, made anew when their code or package-lock.json has changed, else as they are. Finding and linking 1,900 modules is
 * most of a service's start: a gateway's takes half a second instead of more than one (two cores, Node 24), and a killed one is back so much
 * sooner.
 * @param cloneDir the repository
 * @throws Error with the bundler's words
 */
export async function bundledCode(cloneDir: string, bundling: () => void): Promise<Bundle> {
  const bundles = path.join(cloneDir, 'deploy', 'embedded', 'dist', 'bundles');
  const folder = path.join(bundles, codeHash(cloneDir));
  if (fs.existsSync(folder)) fs.utimesSync(folder, new Date(), new Date());
  else {
    bundling();
    await bundleInto(folder);
  }
  forgetOld(bundles);
  return {
    folder,
    main: (name) => path.join(folder, name, 'main.js'),
    module: (name) => pathToFileURL(path.join(folder, name, 'index.js')).href,
    compiledDir: path.join(folder, 'compiled'),
  };
}

/** Of everything that goes into a bundle, and of where it is, since the bundle knows that. */
function codeHash(cloneDir: string): string {
  const hash = createHash('sha256').update(cloneDir).update(fs.readFileSync(path.join(cloneDir, 'package-lock.json')));
  const folders = ['services', 'libs', 'libs/simulators'].flatMap((parent) => fs.readdirSync(path.join(cloneDir, parent)).map((name) => path.join(cloneDir, parent, name, 'dist')));
  for (const folder of [...folders, path.dirname(BUNDLER)].filter((each) => fs.existsSync(each))) {
    const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js')).toSorted();
    for (const file of files) hash.update(path.join(folder, file)).update(fs.readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Whole or not at all; when two launchers do it at once, the first one's stands. */
async function bundleInto(folder: string): Promise<void> {
  const making = `${folder}.${process.pid}`;
  try {
    await run(process.execPath, [BUNDLER, making]);
    fs.renameSync(making, folder);
    await compileAhead(folder);
  } catch (error) {
    if (!fs.existsSync(folder)) throw error;
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

/** Each program ends without settings, and Node writes what it has compiled when a process ends by itself: one that is killed never does. */
async function compileAhead(folder: string): Promise<void> {
  const programs = fs.readdirSync(folder).map((name) => path.join(folder, name, 'main.js')).filter((file) => fs.existsSync(file));
  await Promise.all(programs.map((file) => run(process.execPath, [file], { env: { NODE_COMPILE_CACHE: path.join(folder, 'compiled') }, timeout: 10_000 }).catch(() => {})));
}

/** Others may be making or forgetting bundles at the same time: what is half made is theirs, and what is gone is gone. */
function forgetOld(bundles: string): void {
  const whole = fs.readdirSync(bundles).filter((name) => !name.includes('.')).map((name) => path.join(bundles, name));
  const byAge = whole.map((folder) => ({ folder, at: fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0 })).toSorted((a, b) => b.at - a.at);
  for (const { folder } of byAge.slice(KEPT)) fs.rmSync(folder, { recursive: true, force: true });
}
