/**
 * Loaded before every process of a run's Troncal (`node --import`). Takes its orders from a folder that its own address names: a crash label
 * for this process, once, ports at which it finds its surroundings, and changes of modules. Without orders it does nothing.
 */
import { readFileSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import type { SourceChange } from './plant.js';

const folder = new URL(import.meta.url).searchParams.get('orders');
if (folder) {
  const label = takeCrashLabel(path.join(folder, `${processName(process.argv[1] ?? '')}.crash`));
  if (label !== undefined) process.env['CRASH_AT'] = label;
  movePorts(path.join(folder, `${processName(process.argv[1] ?? '')}.ports.json`));
  const changes = JSON.parse(readFileSync(path.join(folder, 'plants.json'), 'utf8')) as SourceChange[];
  if (changes.length > 0) plant(changes);
}

/** As the launcher names its processes: `light`, or the folder of the program. */
function processName(script: string): string {
  if (script.endsWith('/light-process.js')) return 'light';
  return /\/([^/]+)(?:\/dist)?\/main\.js$/.exec(script)?.[1] ?? 'unknown';
}

function takeCrashLabel(file: string): string | undefined {
  try {
    const label = readFileSync(file, 'utf8').trim();
    rmSync(file);
    return label;
  } catch {
    return undefined;
  }
}

/** Has this process find some of its surroundings at other ports: a proxy's. Settings are addresses, or a port by itself. */
function movePorts(file: string): void {
  let moved: Record<string, number>;
  try {
    moved = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch {
    return;
  }
  for (const [name, port] of Object.entries(moved)) {
    const value = process.env[name];
    if (value === undefined) continue;
    if (/^\d+$/.test(value)) process.env[name] = String(port);
    else process.env[name] = value.replace(/:\d+(?=\/|$)/, `:${port}`);
  }
}

/** A bundle holds many modules in one file: what is planted goes into the modules as they were compiled, each a file of its own. */
const BUNDLED = /\/bundles\/[^/]+\/([^/]+)\/(main|index)\.js$/;

function plant(changes: readonly SourceChange[]): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      const [, name, kind] = BUNDLED.exec(resolved.url) ?? [];
      return name === undefined ? resolved : { ...resolved, url: new URL(`./${kind}.js`, import.meta.resolve(`@troncal/${name}`)).href };
    },
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const here = changes.filter(({ module }) => url.split('?')[0]?.endsWith(`/${module.replace('{}', 'dist')}.js`));
      if (here.length === 0 || loaded.source === undefined || loaded.source === null) return loaded;
      let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8');
      for (const { find, replace } of here) {
        if (!source.includes(find)) throw new Error(`The planted fault no longer fits ${url}: ${JSON.stringify(find)} is not there.`);
        source = source.replace(find, () => replace.replaceAll('{{orders}}', folder ?? ''));
      }
      return { ...loaded, source };
    },
  });
}
