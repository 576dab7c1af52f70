import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { withCacheLock } from './cache-lock.js';
import type { EnsureOptions, Progress } from './part.js';
import { identifyProcess, isSameProcessAlive } from './process-identity.js';

/** What a recipe leaves beside the files it made. */
export interface PartFacts {
  readonly version: string;
  /** In words: `Debian sid`. */
  readonly origin: string;
}

/** The cache folder that these options mean: `TRONCAL_CACHE`, `$XDG_CACHE_HOME/troncal` or `~/.cache/troncal`. */
export function cacheDirOf(options: Pick<EnsureOptions, 'cacheDir' | 'env'>): string {
  const env = options.env ?? process.env;
  if (options.cacheDir) return path.resolve(options.cacheDir);
  if (env['TRONCAL_CACHE']) return path.resolve(env['TRONCAL_CACHE']);
  // The XDG specification: relative values are to be ignored.
  const xdg = env['XDG_CACHE_HOME'];
  return xdg && path.isAbsolute(xdg) ? path.join(xdg, 'troncal') : path.join(env['HOME'] || os.homedir(), '.cache', 'troncal');
}

/** Reads what the cache holds under `key`; null when it was never completed. */
export function cachedPart(cacheDir: string, key: string): { root: string; facts: PartFacts } | null {
  const root = path.join(cacheDir, 'parts', key);
  try {
    return { root, facts: JSON.parse(fs.readFileSync(path.join(root, 'part.json'), 'utf8')) as PartFacts };
  } catch {
    return null;
  }
}

/**
 * Returns the cached folder, making it first if it isn't there. `make` fills a private folder that is renamed into
 * place only when it is complete, so a kill at any moment leaves either the whole part or none; leftovers of killed
 * processes are removed by the next one that fetches.
 */
export async function cachedOrMade(
  cacheDir: string,
  key: string,
  make: (draft: string) => Promise<PartFacts>,
  onProgress?: Progress,
): Promise<{ root: string; facts: PartFacts; made: boolean }> {
  const before = cachedPart(cacheDir, key);
  if (before) return { ...before, made: false };
  const onWait = (holder: { pid: number }): void => onProgress?.(`waiting for process ${holder.pid}, which is fetching into the same cache`);
  return withCacheLock(path.join(cacheDir, 'fetch.lock'), () => makeIfAbsent(cacheDir, key, make), { onWait });
}

async function makeIfAbsent(cacheDir: string, key: string, make: (draft: string) => Promise<PartFacts>): Promise<{ root: string; facts: PartFacts; made: boolean }> {
  const meanwhile = cachedPart(cacheDir, key);
  if (meanwhile) return { ...meanwhile, made: false };
  sweepDrafts(cacheDir);
  const root = path.join(cacheDir, 'parts', key);
  // Short, because espeak-ng cuts the path of its data at 160 characters.
  const draft = path.join(cacheDir, 'drafts', `${key}.${draftOwner()}.${randomUUID().slice(0, 6)}`);
  fs.mkdirSync(path.dirname(root), { recursive: true, mode: 0o755 });
  fs.mkdirSync(draft, { recursive: true, mode: 0o755 });
  try {
    const facts = await make(draft);
    fs.writeFileSync(path.join(draft, 'part.json'), JSON.stringify(facts));
    try {
      fs.renameSync(draft, root);
    } catch (error) {
      // A folder without part.json can only be damage (a part removed by hand, half-way): replace it.
      if (cachedPart(cacheDir, key)) return { ...(cachedPart(cacheDir, key) as { root: string; facts: PartFacts }), made: false };
      if (!fs.existsSync(root)) throw error;
      fs.rmSync(root, { recursive: true, force: true });
      fs.renameSync(draft, root);
    }
    return { root, facts, made: true };
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

function draftOwner(): string {
  return `${process.pid}@${identifyProcess(process.pid)?.startedAt ?? 'unknown'}`;
}

/** Removes drafts whose process is gone. */
function sweepDrafts(cacheDir: string): void {
  const folder = path.join(cacheDir, 'drafts');
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder)) {
    const owner = entry.split('.').at(-2) ?? '';
    const [pid = '', startedAt = ''] = owner.split('@');
    const alive = isSameProcessAlive({ pid: Number(pid), startedAt });
    if (!alive) fs.rmSync(path.join(folder, entry), { recursive: true, force: true });
  }
}
