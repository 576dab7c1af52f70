import { ensureAsterisk } from './asterisk.js';
import { ensureDahdi } from './dahdi.js';
import { ensureDockerPlugins } from './docker-plugins.js';
import { ensureEspeak } from './espeak.js';
import { thisMachine } from './machine.js';
import { ensureNats } from './nats.js';
import { PartUnavailableError, type EnsureOptions, type PartByName, type PartName } from './part.js';
import { cacheDirOf } from './part-cache.js';
import type { PartContext } from './part-context.js';
import { ensurePostgres } from './postgres.js';
import { ensureBaresip, ensureSipp } from './test-phones.js';

type Recipes = { readonly [N in PartName]: (context: PartContext, options: EnsureOptions) => Promise<PartByName[N]> };

const RECIPES: Recipes = {
  postgres: ensurePostgres,
  nats: ensureNats,
  asterisk: ensureAsterisk,
  espeak: ensureEspeak,
  baresip: ensureBaresip,
  sipp: ensureSipp,
  dahdi: ensureDahdi,
  'docker-plugins': ensureDockerPlugins,
};

/**
 * Finds one part, fetching it into the cache when it is nowhere; starts nothing. Once cached it needs no network.
 * @throws PartUnavailableError saying why and what to set.
 */
export async function ensurePart<N extends PartName>(name: N, options: EnsureOptions = {}): Promise<PartByName[N]> {
  const machine = thisMachine();
  if (!machine) {
    throw new PartUnavailableError(name, `there are no ready-made programs for ${process.platform} on ${process.arch}`, 'Use the containers (docker compose up) or a Linux machine with an x64 or arm64 processor');
  }
  const cacheDir = cacheDirOf(options);
  if (cacheDir.includes(':')) throw new PartUnavailableError(name, `the cache's path ${cacheDir} holds a colon, which divides library paths`, 'Set TRONCAL_CACHE to a folder without one');
  const context: PartContext = {
    cacheDir,
    machine,
    env: options.env ?? process.env,
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  };
  return RECIPES[name](context, options);
}

/** Several parts, one after another (they share one download lock). The first that can't be had ends it: see `ensurePart`. */
export async function ensureParts<const N extends PartName>(names: readonly N[], options: EnsureOptions = {}): Promise<Pick<PartByName, N>> {
  const found: Partial<Record<PartName, PartByName[PartName]>> = {};
  for (const name of names) found[name] = await ensurePart(name, options);
  return found as Pick<PartByName, N>;
}
