import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePart, findOnPath, isRoot } from '@troncal/parts';
import { mustDocker, runDocker, type DockerEnv } from './run-docker.js';

/** A Docker engine that answers, with compose and BuildKit. */
export interface Engine {
  /** For every call of `docker`: which engine, which plug-ins. */
  readonly env: DockerEnv;
  readonly description: string;
  /** Ends an engine that was started here. */
  stop(): Promise<void>;
}

/** There is no engine to work with. The message says how to get one. */
export class NoEngineError extends Error {
  override readonly name = 'NoEngineError';
}

const HOW = `Start one, or name its socket in DOCKER_HOST. On Debian, as root:
  apt-get install --no-install-recommends docker.io
  npm run test:compose -- --private-engine     (an engine for this run only, which leaves the system's own alone)`;

/**
 * The engine of DOCKER_HOST or the system's; with `privately` one of its own, started in `folder` and ended by `stop`. Where the docker
 * command has no compose or no buildx, Debian's are taken, unpacked into the cache of deploy/parts.
 * @throws NoEngineError
 */
export async function findEngine(environment: DockerEnv, privately: boolean, folder: string): Promise<Engine> {
  const daemon = privately ? await startDaemon(folder, environment) : null;
  const own = daemon ? { ...environment, DOCKER_HOST: `unix://${daemon.socket}` } : environment;
  const stop = async (): Promise<void> => daemon?.stop();
  try {
    const info = await runDocker(['info', '--format', '{{.ServerVersion}} ({{.Driver}}, {{.OperatingSystem}})'], { env: own });
    if (!info.ok) throw new NoEngineError(`No Docker engine answers: ${info.text.split('\n').at(-1) ?? ''}\n${HOW}`);
    return { env: await withPlugins(own, folder), description: `Docker engine ${info.text}${daemon ? ', private' : ''}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function withPlugins(env: DockerEnv, folder: string): Promise<DockerEnv> {
  const there = await Promise.all(['compose', 'buildx'].map((plugin) => runDocker([plugin, 'version'], { env })));
  if (there.every(({ ok }) => ok)) return env;
  const { pluginsDir } = await ensurePart('docker-plugins', { onProgress: (line) => console.error(line) });
  const config = path.join(folder, 'docker-config');
  fs.mkdirSync(config, { recursive: true });
  fs.writeFileSync(path.join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [pluginsDir] }));
  const extended = { ...env, DOCKER_CONFIG: config };
  await mustDocker(['compose', 'version'], { env: extended });
  return extended;
}

interface Daemon {
  readonly socket: string;
  stop(): Promise<void>;
}

/** Beside another dockerd nothing is shared but the bridge docker0, which the later one takes over as it is. */
async function startDaemon(folder: string, env: DockerEnv): Promise<Daemon> {
  if (!isRoot()) throw new NoEngineError('A private engine needs root. Name the socket of one that runs in DOCKER_HOST.');
  if (findOnPath('dockerd', env['PATH']) === null) throw new NoEngineError(`There is no dockerd on PATH.\n${HOW}`);
  // What was built stays for the next run.
  fs.mkdirSync(folder, { recursive: true });
  const [socket, logFile] = [path.join(folder, 'docker.sock'), path.join(folder, 'dockerd.log')];
  const log = fs.openSync(logFile, 'a');
  const args = ['--data-root', path.join(folder, 'data'), '--exec-root', path.join(folder, 'exec'), '-H', `unix://${socket}`, '--pidfile', path.join(folder, 'pid')];
  const child = spawn('dockerd', args, { stdio: ['ignore', log, log], env: { ...env }, detached: true });
  fs.closeSync(log);
  const asked = { env: { ...env, DOCKER_HOST: `unix://${socket}` } };
  for (const deadline = Date.now() + 30_000; !(await runDocker(['info'], asked)).ok; await sleep(200)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await end(child);
    throw new NoEngineError(`dockerd didn't start: see ${logFile}`);
  }
  return { socket, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
