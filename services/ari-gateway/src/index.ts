import { fileURLToPath } from 'node:url';
import { runNestService, type RunningService } from '@troncal/chassis';
import type { Env } from '@troncal/config';
import { AppModule } from './app.module.js';
import { gatewayEnv } from './config.js';

const migrations = fileURLToPath(new URL('../migrations/', import.meta.url));

/** Starts the gateway with the given settings; throws a ConfigError that names every wrong one. */
export function startService(env: Env): Promise<RunningService> {
  return runNestService({ name: 'ari-gateway', env: gatewayEnv, migrations, module: AppModule }, env);
}
