import { ConfigError, type Env } from '@troncal/config';
import { errorText } from '@troncal/kernel';
import type { RunningService } from './run-nest-service.js';

/** How long a shutdown may take before the process ends anyway, unless the service says otherwise. */
const SHUTDOWN_MS = 25_000;

/**
 * Runs a service as a process: ends it on SIGTERM, SIGINT, or when the parent that started it over an IPC channel is gone. Tells that
 * parent `{ type: 'listening', url }`. Wrong settings are printed as they are, without a stack, and end the process with code 78 (EX_CONFIG).
 */
export async function runMain(start: (env: Env) => Promise<Pick<RunningService, 'name' | 'url' | 'stopWithinMs' | 'close'>>, env: Env): Promise<void> {
  let service: Awaited<ReturnType<typeof start>>;
  try {
    service = await start(env);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : error instanceof Error ? (error.stack ?? errorText(error)) : String(error)}\n`);
    process.exit(error instanceof ConfigError ? 78 : 1);
  }
  const stop = (): void => {
    setTimeout(() => process.exit(1), service.stopWithinMs ?? SHUTDOWN_MS).unref();
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${service.name} did not stop cleanly: ${errorText(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.send) {
    process.once('disconnect', stop);
    process.send({ type: 'listening', url: service.url });
  }
}
