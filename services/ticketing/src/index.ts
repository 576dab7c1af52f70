import { fileURLToPath } from 'node:url';
import { baseEnv, runNestService, type RunningService } from '@troncal/chassis';
import type { Env } from '@troncal/config';
import { AppModule } from './app.module.js';

/** Starts ticketing with these settings; several may run in one process. @throws ConfigError with every wrong setting */
export function startService(env: Env): Promise<RunningService> {
  return runNestService({ name: 'ticketing', env: baseEnv, migrations: fileURLToPath(new URL('../migrations/', import.meta.url)), module: AppModule }, env);
}
