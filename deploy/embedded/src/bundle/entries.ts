import { LIGHT_SERVICES } from '../service-plan.js';

/** Each becomes one entry of the bundle: a process's program, or the module that exports `startService`. */
export const ENTRIES = [
  ...['ari-gateway', 'realtime-voice', 'simulator-openai-realtime'].map((name) => ({ name, kind: 'main' }) as const),
  ...LIGHT_SERVICES.map((name) => ({ name, kind: 'index' }) as const),
];

/** A file of a service as it was compiled, one file per module. */
export const compiledFile = (name: string, kind: 'main' | 'index'): URL => new URL(`./${kind}.js`, import.meta.resolve(`@troncal/${name}`));
