import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StackState } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import type { Bases } from './bases.js';
import { mustDocker, runDocker, type DockerEnv, type DockerOptions } from './run-docker.js';

const ROOT = path.join(import.meta.dirname, '..', '..', '..');
const FILES = ['docker-compose.yml', 'deploy/images/compose.test.yml'];
const READY_WITHIN_MS = 180_000;
/** Enough for the calls of the suites, each port of which costs the engine a process. */
const RTP_PORTS = 40;

/** docker-compose.yml as a project of its own: free ports, secrets of its own, the simulator as the provider. */
export class ComposeProject {
  private constructor(
    readonly folder: string,
    private readonly docker: DockerOptions,
    private readonly ports: { readonly http: number; readonly sip: number; readonly nats: number },
    /** Of this machine, but neither loopback nor in the project's network: phones there are to Asterisk what phones outside are. */
    private readonly address: string,
  ) {}

  static async prepare(folder: string, environment: DockerEnv, bases: Bases, logFile: string): Promise<ComposeProject> {
    const secrets = path.join(folder, 'secrets');
    execFileSync(process.execPath, [path.join(ROOT, 'deploy/docker/make-secrets.mjs'), '--out', secrets], { stdio: 'ignore' });
    // The simulator takes any; an empty one would mean that every call is scripted.
    const key = path.join(secrets, 'openai-api-key');
    fs.chmodSync(key, 0o644);
    fs.writeFileSync(key, 'simulated');
    const [http, sip, nats, rtp] = [await freePort(), await freePort(), await freePort(), 15_000 + 2 * Math.floor(Math.random() * 2_000)];
    const address = await addressOfBridge(environment);
    const env = {
      ...environment,
      COMPOSE_PROJECT_NAME: 'troncal-test',
      COMPOSE_FILE: FILES.join(':'),
      COMPOSE_PROFILES: 'sim',
      TRONCAL_SECRETS: secrets,
      TRONCAL_VERSION: 'test',
      TRONCAL_NODE_IMAGE: bases.node,
      TRONCAL_OFFLINE_IMAGE: bases.offline,
      TRONCAL_POSTGRES_IMAGE: bases.postgres,
      TRONCAL_NATS_IMAGE: bases.nats,
      TRONCAL_HTTP_PORT: String(http),
      TRONCAL_SIP_PORT: String(sip),
      TRONCAL_TEST_NATS_PORT: String(nats),
      TRONCAL_RTP_START: String(rtp),
      TRONCAL_RTP_END: String(rtp + RTP_PORTS - 1),
      EXTERNAL_ADDRESS: address,
      TRONCAL_SIMULATED: 'true',
      OPENAI_REALTIME_URL: 'ws://simulator:9200/v1/realtime',
    };
    return new ComposeProject(folder, { env, logFile, cwd: ROOT }, { http, sip, nats }, address);
  }

  get env(): DockerEnv {
    return this.docker.env;
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }

  get apiKeyFile(): string {
    return path.join(this.folder, 'secrets', 'admin.key');
  }

  compose(...args: string[]): Promise<string> {
    return mustDocker(['compose', ...args], this.docker);
  }

  /** Builds the images of the compose file and the edge with cards, which it doesn't run. */
  async build(bases: Bases): Promise<void> {
    await this.compose('build', 'nats-setup', 'edge');
    const args = ['--build-arg', `NODE_IMAGE=${bases.node}`, '--build-arg', `OFFLINE_IMAGE=${bases.offline}`];
    await mustDocker(['build', ...args, '-f', 'deploy/docker/Dockerfile', '--target', 'edge-dahdi', '-t', 'troncal/edge-dahdi:test', '.'], this.docker);
  }

  /** One line per image: name and size as the engine counts it. */
  async sizes(): Promise<string[]> {
    const lines = await mustDocker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}} {{.Size}}'], this.docker);
    return lines.split('\n').filter((line) => /^troncal\/[a-z-]+:test /.test(line)).sort();
  }

  /** Starts it and waits until the front door is ready, which asks every service, the gateway of its edge included. */
  async up(): Promise<void> {
    // Secrets are files of this folder, which containers' users must be able to enter.
    await this.compose('up', '-d', '--no-build');
    let last = 'nothing';
    for (const deadline = Date.now() + READY_WITHIN_MS; ; await sleep(500)) {
      last = await fetch(`${this.url}/health/ready`).then(async (answer) => (answer.ok ? 'ready' : `${answer.status} ${await answer.text()}`), (error: unknown) => errorText(error));
      if (last === 'ready') return;
      if (Date.now() > deadline) throw new Error(`the front door is not ready after ${READY_WITHIN_MS / 60_000} minutes: ${last}`);
    }
  }

  /** What runs and where, for the CLI and the suites, in the words of `npm start`. PostgreSQL, ARI and the media port stay inside. */
  state(demo: StackState['demo'], espeak: readonly string[]): StackState {
    const inside = { host: 'inside', port: 1 };
    return {
      version: 1,
      phase: 'ready',
      launcher: { pid: process.pid, startedAt: '' },
      http: { url: this.url, apiKeyFile: this.apiKeyFile },
      nats: { url: `nats://127.0.0.1:${this.ports.nats}`, observer: { user: 'observer', password: fs.readFileSync(path.join(this.folder, 'secrets', 'observer.nats-password'), 'utf8') } },
      postgres: { ...inside, database: 'troncal', adminUrl: 'postgres://inside' },
      sip: { host: this.address, port: this.ports.sip, bind: this.address, realm: 'troncal' },
      asterisk: null,
      edges: [],
      media: inside,
      openAi: { url: 'ws://inside', simulated: true, controlUrl: null },
      twilio: null,
      gdms: null,
      demo,
      espeak: [...espeak],
      leftOut: [],
      directories: { state: this.folder, logs: path.dirname(this.docker.logFile ?? this.folder), recordings: this.folder, sounds: this.folder },
      processes: [],
    };
  }

  /** What a person would look at first when something failed; into the log file. */
  async tellWhatFailed(): Promise<void> {
    await runDocker(['compose', 'ps', '-a'], this.docker);
    await runDocker(['compose', 'logs', '--no-color', '--tail', '60'], this.docker);
  }

  async down(): Promise<void> {
    await runDocker(['compose', 'down', '-v', '--timeout', '5'], this.docker);
  }
}

/** This machine's address on docker's own bridge: the gateway, which some engines don't tell because it is the network's first address. */
async function addressOfBridge(env: DockerEnv): Promise<string> {
  const text = await mustDocker(['network', 'inspect', 'bridge', '--format', '{{json (index .IPAM.Config 0)}}'], { env });
  const { Gateway: gateway, Subnet: subnet } = JSON.parse(text) as { Gateway?: string; Subnet: string };
  return gateway ? gateway : subnet.replace(/\.0\/\d+$/, '.1');
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
