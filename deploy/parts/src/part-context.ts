import fs from 'node:fs';
import path from 'node:path';
import { findDebianArchive } from './debian-archive.js';
import type { Machine } from './machine.js';
import { PartUnavailableError, type Progress } from './part.js';
import { cachedOrMade } from './part-cache.js';
import { fetchAndUnpack } from './private-apt.js';

/** What every recipe is given. */
export interface PartContext {
  readonly cacheDir: string;
  readonly machine: Machine;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress?: Progress;
}

/** A part made from Debian packages. */
export interface DebianRecipe {
  readonly name: string;
  /** For people: `Asterisk 22`. */
  readonly title: string;
  /** Raised by hand when the recipe changes. */
  readonly recipe: number;
  readonly suite: 'sid' | 'trixie';
  readonly packages: readonly string[];
  /** Take the packages without their dependencies (a static program). */
  readonly alone?: boolean;
  readonly unneeded?: RegExp;
  /** What to do when it can't be fetched. */
  readonly remedy: string;
  /** Fills `draft` from the unpacked packages, proves that the program runs from there, and returns its version. */
  readonly make: (unpacked: string, draft: string) => Promise<string>;
}

/**
 * The part's folder, from the cache or fetched into it.
 * @throws PartUnavailableError when it is not cached and can't be fetched; the cause is kept.
 */
export async function fetchedRoot(context: PartContext, recipe: DebianRecipe): Promise<{ root: string; source: string }> {
  const { cacheDir, machine, onProgress } = context;
  const key = `${recipe.name}-r${recipe.recipe}-${machine.nodeArch}`;
  try {
    const { root, facts, made } = await cachedOrMade(cacheDir, key, (draft) => makeFromDebian(context, recipe, draft), onProgress);
    if (made) onProgress?.(`installed ${recipe.title}: version ${facts.version} from ${facts.origin} in ${root}`);
    return { root, source: made ? facts.origin : 'cache' };
  } catch (cause) {
    if (cause instanceof PartUnavailableError) throw cause;
    // One line, however much apt had to say.
    const reason = (cause as Error).message.replace(/\s*\n\s*/g, ' ').replace(/\.+$/, '');
    throw new PartUnavailableError(recipe.title, reason, recipe.remedy, { cause });
  }
}

async function makeFromDebian(context: PartContext, recipe: DebianRecipe, draft: string): Promise<{ version: string; origin: string }> {
  const archive = await findDebianArchive(recipe.title, context.env);
  const aptDir = path.join(context.cacheDir, 'apt', recipe.suite);
  const unpacked = path.join(draft, '.unpacked');
  const request = { ...recipe, archive, machine: context.machine, aptDir, ...(context.onProgress ? { onProgress: context.onProgress } : {}) };
  await fetchAndUnpack(request, unpacked);
  const version = await recipe.make(unpacked, draft);
  fs.rmSync(unpacked, { recursive: true, force: true });
  // Kept until here so that an interrupted download goes on where it stopped; of no use afterwards.
  fs.rmSync(path.join(aptDir, 'archives'), { recursive: true, force: true });
  return { version, origin: `${archive.description} ${recipe.suite}` };
}
