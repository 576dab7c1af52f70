import fs from 'node:fs';
import path from 'node:path';
import type { DebianArchive } from './debian-archive.js';
import { isRoot, type Machine } from './machine.js';
import type { Progress } from './part.js';
import { runProgram } from './run-program.js';

export interface FetchRequest {
  readonly archive: DebianArchive;
  readonly suite: string;
  readonly machine: Machine;
  /** Folder for lists and packages; kept between attempts, so that an interrupted download goes on. */
  readonly aptDir: string;
  /** Packages wanted; their dependencies come too unless `alone`. */
  readonly packages: readonly string[];
  readonly alone?: boolean;
  /** Dependencies that the program never needs at run time, such as those of maintainer scripts. */
  readonly unneeded?: RegExp;
  /** How progress lines call it: `Asterisk 22`. */
  readonly title: string;
  readonly onProgress?: Progress;
}

/** A package as apt planned it. */
export interface PlannedPackage {
  readonly name: string;
  readonly file: string;
  readonly bytes: number;
}

/** Reads `apt-get --print-uris -qq`: one line per package, `'address' file bytes hash`. */
export function parsePlan(output: string): PlannedPackage[] {
  return output.split('\n').flatMap((line) => {
    const [, file = '', bytes = ''] = /^'[^']*' (\S+\.deb) (\d+)/.exec(line) ?? [];
    return file === '' ? [] : [{ name: file.split('_')[0] ?? file, file, bytes: Number(bytes) }];
  });
}

/**
 * Downloads packages with apt's own programs but with lists, status and cache of our own, so that no right and no
 * trace in the system is needed, and unpacks them (no maintainer script runs) into `into`.
 * apt checks the release's signature with the archive's keyring and every package by its hash.
 * Returns what was unpacked.
 */
export async function fetchAndUnpack(request: FetchRequest, into: string): Promise<PlannedPackage[]> {
  const { aptDir, title, onProgress, suite, archive } = request;
  const debs = path.join(aptDir, 'archives');
  prepare(request);
  const apt = (...args: string[]): string[] => ['apt-get', ...privateOptions(request), ...args];

  onProgress?.(`fetching ${title} from ${archive.description} ${suite}: reading the package list`);
  await runProgram(apt('update', '-qq', '--error-on=any'), { timeoutMs: 10 * 60_000 });
  const verb = request.alone ? 'download' : 'install';
  // Asked with an empty package folder, because apt doesn't list what an interrupted attempt already brought.
  const nothingYet = ['-o', `Dir::Cache::archives=${path.join(aptDir, 'none')}`];
  const planned = parsePlan((await runProgram(apt(...nothingYet, '--print-uris', '-qq', '-y', verb, ...request.packages))).stdout);
  const wanted = planned.filter(({ name }) => request.packages.includes(name) || !request.unneeded?.test(name));

  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let lastSaid = 0;
  const onStatusLine = (line: string): void => {
    const [, item, percent] = /^dlstatus:(\d+):([\d.]+):/.exec(line) ?? [];
    if (item === undefined || Date.now() - lastSaid < 1000) return;
    lastSaid = Date.now();
    onProgress?.(`fetching ${title} from ${archive.description} ${suite}: ${item} of ${wanted.length} packages, ${megabytes((total * Number(percent)) / 100)} of ${megabytes(total)}`);
  };
  await runProgram(apt('-o', 'APT::Status-Fd=3', '-y', 'download', ...wanted.map(({ name }) => name)), { cwd: debs, onStatusLine, timeoutMs: 60 * 60_000 });

  onProgress?.(`unpacking ${title}: ${wanted.length} packages, ${megabytes(total)}`);
  for (const { file } of wanted) await runProgram(['dpkg-deb', '-x', path.join(debs, file), into]);
  return wanted;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function prepare({ aptDir, archive, machine, suite }: FetchRequest): void {
  for (const folder of ['lists/partial', 'archives/partial', 'none/partial']) fs.mkdirSync(path.join(aptDir, folder), { recursive: true, mode: 0o755 });
  fs.writeFileSync(path.join(aptDir, 'status'), '');
  const line = `deb [arch=${machine.debianArch} signed-by=${archive.keyring}] ${archive.address} ${suite} main\n`;
  fs.writeFileSync(path.join(aptDir, `${suite}.list`), line);
}

/** Given on the command line because that alone outranks the machine's apt.conf.d (whose proxies we do want). */
function privateOptions({ aptDir, suite }: FetchRequest): string[] {
  const settings: Record<string, string> = {
    'Dir::State': aptDir,
    'Dir::State::lists': path.join(aptDir, 'lists'),
    // An empty status: what the system has installed is of no use to a folder with its own C library.
    'Dir::State::status': path.join(aptDir, 'status'),
    'Dir::State::extended_states': path.join(aptDir, 'extended_states'),
    'Dir::Cache': aptDir,
    'Dir::Cache::archives': path.join(aptDir, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Dir::Etc::sourcelist': path.join(aptDir, `${suite}.list`),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::trusted': '/dev/null',
    'Dir::Etc::trustedparts': '/dev/null',
    'APT::Default-Release': suite,
    'APT::Install-Recommends': 'false',
    'APT::Install-Suggests': 'false',
    'APT::Get::AllowUnauthenticated': 'false',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::Languages': 'none',
    // A mirror that lags behind by days is still signed by Debian; what we take from it is checked by hash.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Retries': '3',
    // Root's cache lies where apt's own download user (_apt) can't go.
    ...(isRoot() ? { 'APT::Sandbox::User': 'root' } : {}),
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}
