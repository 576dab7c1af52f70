import fs from 'node:fs';
import path from 'node:path';
import { firstExisting, type Machine } from './machine.js';
import { ProgramFailedError, runProgram } from './run-program.js';

export interface SlimPlan {
  readonly machine: Machine;
  /** Programs and plug-ins, relative to the root; the libraries they need are found. */
  readonly objects: readonly string[];
  /** Libraries that are only opened by name at run time (NSS): file names in the library folder; absent ones are left out. */
  readonly openedByName?: readonly string[];
  /** Data files and folders by their place in the slim root: where the packages keep them. Absent ones are left out. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Where the slim root keeps every shared library. */
export function libraryDir(root: string, machine: Machine): string {
  return path.join(root, 'usr/lib', machine.triple);
}

/** The slim root's own dynamic loader: it makes the root independent of the machine's C library. */
export function loaderOf(root: string, machine: Machine): string | null {
  return firstExisting(['usr/lib64', 'lib64', `usr/lib/${machine.triple}`, 'usr/lib'].map((folder) => path.join(root, folder, machine.loader)));
}

/** The argv that runs a program of the root: through the root's loader when it has one. */
export function programCommand(root: string, machine: Machine, program: string): string[] {
  const loader = loaderOf(root, machine);
  const file = path.join(root, program);
  return loader ? [loader, '--library-path', libraryDir(root, machine), file] : [file];
}

/**
 * Copies from the unpacked packages `from` into `to` only what the plan names, what those objects link to
 * (all of it, transitively), and the loader.
 * @throws Error naming the library when one can't be found: a root that would fail later is never cached.
 */
export async function makeSlimRoot(from: string, to: string, plan: SlimPlan): Promise<void> {
  const { machine } = plan;
  const libraries = path.join(from, 'usr/lib', machine.triple);
  const loader = loaderOf(from, machine);
  if (!loader) throw new Error(`no ${machine.loader} among the unpacked packages`);
  const searched = [libraries, ...privateLibraryFolders(libraries)];

  const openedByName = (plan.openedByName ?? []).map((name) => path.join(libraries, name)).filter((file) => fs.existsSync(file));
  const objects = plan.objects.map((object) => path.join(from, object));
  const needed = new Map<string, string>();
  for (const object of [...objects, ...openedByName]) {
    for (const [name, file] of await librariesOf(object, loader, searched)) needed.set(name, file);
  }

  for (const object of plan.objects) copy(path.join(from, object), path.join(to, object));
  for (const file of openedByName) needed.set(path.basename(file), file);
  // One flat folder, so that the loader finds even those that packages keep in private folders.
  for (const [name, file] of needed) copy(file, path.join(libraryDir(to, machine), name));
  copy(loader, path.join(to, 'usr/lib64', machine.loader));
  for (const [place, packaged] of Object.entries(plan.data ?? {})) {
    if (fs.existsSync(path.join(from, packaged))) copy(path.join(from, packaged), path.join(to, place));
  }
}

/** Reads the loader's `--list` output: library name to file, `null` for one that was not found. */
export function parseLoaderList(output: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const line of output.split('\n')) {
    const [, name, target] = /^\s*(\S+) => (not found|\S+)/.exec(line) ?? [];
    if (name && target) found.set(path.basename(name), target === 'not found' ? null : target);
  }
  return found;
}

async function librariesOf(object: string, loader: string, searched: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await runProgram([loader, '--library-path', searched.join(':'), '--list', object]).catch((error: unknown) => {
    if (error instanceof ProgramFailedError && /statically linked|not a dynamic/.test(error.output)) return { stdout: '' };
    throw error;
  });
  const libraries = new Map<string, string>();
  for (const [name, file] of parseLoaderList(stdout)) {
    if (file === null) throw new Error(`${path.basename(object)} needs ${name}, which none of the fetched packages holds`);
    if (!name.startsWith('ld-linux')) libraries.set(name, file);
  }
  return libraries;
}

function privateLibraryFolders(libraries: string): string[] {
  return fs
    .readdirSync(libraries, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(libraries, entry.name))
    .filter((folder) => fs.readdirSync(folder).some((file) => /^lib.*\.so/.test(file)));
}

/** Symbolic links become what they point to: packages link absolutely, which means nothing inside a folder. */
function copy(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true, mode: 0o755 });
  fs.cpSync(from, to, { recursive: true, dereference: true, preserveTimestamps: false });
}
