import { mustDocker } from '@troncal/images';

const env = process.env;

/** What `docker inspect` tells of a container of the project under test. */
export interface Inspected {
  readonly id: string;
  readonly pid: number;
  readonly running: boolean;
  readonly exitCode: number;
  readonly health: string | null;
  readonly user: string;
  readonly readOnly: boolean;
  readonly capDrop: readonly string[];
  readonly env: readonly string[];
  readonly startedAt: string;
}

interface RawContainer {
  readonly Id: string;
  readonly State: { readonly Pid: number; readonly Running: boolean; readonly ExitCode: number; readonly StartedAt: string; readonly Health?: { readonly Status: string } };
  readonly Config: { readonly User: string; readonly Env: readonly string[] };
  readonly HostConfig: { readonly ReadonlyRootfs: boolean; readonly CapDrop: readonly string[] | null };
}

/** The container of a compose service, as it is now. */
export async function inspect(service: string): Promise<Inspected> {
  const id = await compose('ps', '-aq', service);
  const [raw] = JSON.parse(await mustDocker(['inspect', id], { env })) as RawContainer[];
  if (!raw) throw new Error(`there is no container of ${service}`);
  const { State: state, Config: config, HostConfig: host } = raw;
  return {
    id: raw.Id,
    pid: state.Pid,
    running: state.Running,
    exitCode: state.ExitCode,
    health: state.Health?.Status ?? null,
    user: config.User,
    readOnly: host.ReadonlyRootfs,
    capDrop: host.CapDrop ?? [],
    env: config.Env,
    startedAt: state.StartedAt,
  };
}

/** `docker compose` on the project that `npm run test:compose` brought up: its name and files are in the environment. */
export function compose(...args: string[]): Promise<string> {
  if (!env['COMPOSE_PROJECT_NAME']) throw new Error('No compose project is named: this suite is run by `npm run test:compose`.');
  return mustDocker(['compose', ...args], { env });
}

/**
 * kill -9 of a container's first process, as the kernel would: `docker kill` counts as a stop by hand, after which nothing restarts it.
 * Signals from inside don't reach a namespace's first process, so this needs the engine's own machine and root.
 */
export async function killOutright(service: string): Promise<Inspected> {
  const victim = await inspect(service);
  process.kill(victim.pid, 'SIGKILL');
  return victim;
}
