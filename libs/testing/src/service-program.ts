import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const BUNDLER = join(import.meta.dirname, '..', '..', '..', 'deploy/embedded/dist/bundle/bundler.js');

/** Names the folder of the services' programs; set before the first spec, by programs-setup.ts or by `npm test`. */
export const BUNDLE = 'TRONCAL_TEST_BUNDLE';

/** A service's program, as `npm start` runs it. @throws Error outside of vitest's run */
export function serviceProgram(name: 'ari-gateway' | 'realtime-voice'): string {
  const folder = process.env[BUNDLE];
  if (!folder) throw new Error(`${BUNDLE} is not set: run this spec by vitest in the repository's top folder, whose set-up does so.`);
  return join(folder, name, 'main.js');
}

/** What a service's program needs of the environment beside its own settings. */
export function programEnv(): Readonly<Record<string, string>> {
  const folder = process.env[BUNDLE];
  return { PATH: process.env['PATH'] ?? '', ...(folder && { NODE_COMPILE_CACHE: join(folder, 'compiled') }) };
}

/**
 * A spec's own program in few files, as the services are: a process that is started again and again is there in a third of the time.
 * @param file its source; its packages are taken as they were compiled
 * @param folder where the files go; the caller removes it
 */
export function bundledProgram(file: string, folder: string): string {
  execFileSync(process.execPath, [BUNDLER, folder, `program=${file}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  return join(folder, 'program.js');
}
