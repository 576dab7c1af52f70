import { LIGHT_SERVICES } from '../service-plan.js';

/** Each becomes one entry of the bundle: a process's program, or the module that exports `startService`. Those that share a process are programs too, for specs that kill one. */
export const ENTRIES = [
  ...['ari-gateway', 'realtime-voice', 'simulator-openai-realtime', 'simulator-twilio', 'simulator-gdms'].map((name) => ({ name, kind: 'main' }) as const),
  ...LIGHT_SERVICES.flatMap((name) => [{ name, kind: 'index' } as const, { name, kind: 'main' } as const]),
];

/** A file of a service as it was compiled, one file per module. */
export const compiledFile = (name: string, kind: 'main' | 'index'): URL => new URL(`./${kind}.js`, import.meta.resolve(`@troncal/${name}`));
