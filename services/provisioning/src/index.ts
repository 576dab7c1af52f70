import { fileURLToPath } from 'node:url';
import { runNestService, type RunningService } from '@troncal/chassis';
import type { Env } from '@troncal/config';
import { AppModule } from './app.module.js';
import { provisioningEnv } from './config.js';
import { VOICE_HTTP } from './voice/voice.module.js';

/** Up to two thousand tenants are declared in one request: each takes some 800 bytes with a menu, and may take several times that. Who has no key is turned away before a body is read. */
const DECLARATIONS_BYTES = 8 * 1_048_576;
const BODY_LIMITS = { '/api/environments/:environment/plan': DECLARATIONS_BYTES, '/api/environments/:environment/apply': DECLARATIONS_BYTES } as const;

/** Starts provisioning with these settings; several may run in one process. @throws ConfigError with every wrong setting */
export function startService(env: Env): Promise<RunningService> {
  return runNestService(
    { name: 'provisioning', env: provisioningEnv, migrations: fileURLToPath(new URL('../migrations/', import.meta.url)), module: AppModule, bodyLimits: BODY_LIMITS, ...VOICE_HTTP, publicPaths: ['/sheets/*', ...VOICE_HTTP.publicPaths] },
    env,
  );
}
