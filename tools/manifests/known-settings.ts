import { baseEnv } from '@troncal/chassis';
import type { z } from 'zod';
import { edgeEnv, setupEnv } from '../../deploy/docker/src/settings.js';
import { gatewayEnv } from '../../services/ari-gateway/src/config.js';
import { frontDoorEnv } from '../../services/front-door/src/config.js';
import { provisioningEnv } from '../../services/provisioning/src/config.js';
import { realtimeVoiceEnv } from '../../services/realtime-voice/src/config.js';
import { isSecret } from '../../libs/config/src/env-fields.js';

/** What each program that a manifest starts reads, by the script that starts it. */
export const SETTINGS: Readonly<Record<string, z.ZodObject>> = {
  provisioning: provisioningEnv,
  'ari-gateway': gatewayEnv,
  'realtime-voice': realtimeVoiceEnv,
  'collections-dialer': baseEnv,
  ticketing: baseEnv,
  'pbx-adapters': baseEnv,
  'front-door': frontDoorEnv,
  setup: setupEnv,
  edge: edgeEnv,
};

/** The program of a container: from its script, or the edge by its image. */
export function programOf(image: string, args: readonly string[]): string | null {
  if (image.startsWith('troncal/edge')) return 'edge';
  const [, service, setup] = /^services\/([a-z-]+)\/dist\/main\.js$|^deploy\/docker\/dist\/(setup)\.js$/.exec(args[0] ?? '') ?? [];
  return service ?? setup ?? null;
}

/** Settings that the program doesn't know, and required ones that nobody sets. A secret may come as NAME_FILE. */
export function settingFaults(program: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const shape = SETTINGS[program]?.shape;
  if (!shape) return [`no program ${program} is known`];
  const given = new Map(Object.keys(env).map((name) => [name in shape || !name.endsWith('_FILE') ? name : name.slice(0, -'_FILE'.length), name]));
  const unknown = [...given].filter(([name, as]) => !(name in shape) || (as !== name && !isSecret(shape[name] as z.ZodType))).map(([, as]) => `${program} knows no ${as}`);
  const missing = Object.entries(shape).flatMap(([name, field]) => (given.has(name) || (field as z.ZodType).safeParse(undefined).success ? [] : [`${program} needs ${name}`]));
  const wrong = Object.entries(env).flatMap(([name, value]) => {
    const field = shape[name] as z.ZodType | undefined;
    return field && value !== undefined && value !== '' && !field.safeParse(value).success ? [`${program}: ${name}=${value} is refused`] : [];
  });
  return [...unknown, ...missing, ...wrong];
}
