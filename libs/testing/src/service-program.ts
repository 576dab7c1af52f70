import { join } from 'node:path';

/** Names the folder of the services' programs; set before the first spec, by programs-setup.ts or by `npm test`. */
export const BUNDLE = 'TRONCAL_TEST_BUNDLE';

/** A service's program, as `npm start` runs it. @throws Error outside of vitest's run */
export function serviceProgram(name: 'ari-gateway' | 'front-door' | 'provisioning' | 'realtime-voice'): string {
  return join(bundle(), name, 'main.js');
}

/** A spec's own program, in few files as the services are; its source is `test/NAME.ts` or `.mjs` of a package. @throws Error outside of vitest's run */
export function specProgram(name: `${string}-child`): string {
  return join(bundle(), 'specs', `${name}.js`);
}

/** What a service's program needs of the environment beside its own settings. */
export function programEnv(): Readonly<Record<string, string>> {
  const folder = process.env[BUNDLE];
  return { PATH: process.env['PATH'] ?? '', ...(folder && { NODE_COMPILE_CACHE: join(folder, 'compiled') }) };
}

function bundle(): string {
  const folder = process.env[BUNDLE];
  if (!folder) throw new Error(`${BUNDLE} is not set: run this spec by vitest in the repository's top folder, whose set-up does so.`);
  return folder;
}
