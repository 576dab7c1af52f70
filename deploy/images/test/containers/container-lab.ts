import { GenericContainer, type StartedTestContainer } from 'testcontainers';

/** Images as `npm run test:compose` built and chose them; outside of it the ones that compose would take. */
export const IMAGES = {
  services: `troncal/services:${process.env['TRONCAL_VERSION'] ?? 'dev'}`,
  edge: `troncal/edge:${process.env['TRONCAL_VERSION'] ?? 'dev'}`,
  edgeDahdi: `troncal/edge-dahdi:${process.env['TRONCAL_VERSION'] ?? 'dev'}`,
  postgres: process.env['TRONCAL_POSTGRES_IMAGE'] ?? 'postgres:18-bookworm',
  nats: process.env['TRONCAL_NATS_IMAGE'] ?? 'nats:2.11-alpine',
};

export const SUPERUSER_PASSWORD = 'superuser-of-tests';

/** PostgreSQL at a port of this machine that stays the same when the container is restarted. */
export function postgresContainer(port: number): GenericContainer {
  return new GenericContainer(IMAGES.postgres)
    .withEnvironment({ POSTGRES_PASSWORD: SUPERUSER_PASSWORD })
    .withExposedPorts({ container: 5432, host: port })
    .withHealthCheck({ test: ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres'], interval: 500, timeout: 3_000, retries: 60 });
}

/** A secret as compose mounts it: a file that every user may read. */
export const secretFile = (name: string, content: string): { content: string; target: string; mode: number } => ({ content, target: `/run/secrets/${name}`, mode: 0o444 });

/** Runs a command in a container; what it printed. @throws Error when its exit code isn't the expected one */
export async function inside(container: StartedTestContainer, command: readonly string[], options: { readonly user?: string; readonly exitCode?: number } = {}): Promise<string> {
  const { output, exitCode } = await container.exec([...command], options.user === undefined ? {} : { user: options.user });
  if (exitCode !== (options.exitCode ?? 0)) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${output}`);
  return output;
}
