import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttachV1 } from '@troncal/contracts';
import { Bus, CommandClient } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { eventually, freePort, startNats, startPostgres } from '@troncal/testing';

/** A process that bridges media legs to the provider. */
export interface Bridge {
  readonly pid: number;
  /** Where chan_websocket connects, without the leg. */
  readonly mediaUrl: string;
  /** Where AudioSocket connects, if it may. */
  readonly audioSocketPort: number | undefined;
  /** Where Twilio's streams arrive, if they may. */
  readonly streamUrl: string | undefined;
  /** A process that the streams go through on their way, if there is one. */
  readonly doorPid?: number;
  /** Makes one more leg ready; its id. @param stream one that ends by itself */
  leg(stream?: boolean): Promise<string>;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} did not start`);
  return child.pid;
}

/** The bare relay, see bare-relay.ts. */
export async function startBareRelay(provider: string): Promise<Bridge> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare-relay.js'), provider], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    pid: pidOf(child),
    mediaUrl: `ws://127.0.0.1:${Number(line.toString())}/media`,
    audioSocketPort: undefined,
    streamUrl: undefined,
    leg: () => Promise.resolve(randomUUID()),
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** realtime-voice as it is shipped, on a real PostgreSQL and NATS, each leg attached by command as the gateway does. */
export async function startRealtimeVoice(provider: string): Promise<Bridge> {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-voice-'));
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [] }), { mode: 0o600 });
  const [nats, postgres, httpPort, mediaPort, audioSocketPort] = await Promise.all([startNats(), startPostgres({ durable: true }), freePort(), freePort(), freePort()]);
  const database = await postgres.createDatabase('realtime-voice');
  const login = nats.login('realtime-voice');
  const child = spawn(process.execPath, [join(ROOT, 'services', 'realtime-voice', 'dist', 'main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      NATS_URL: login.url,
      NATS_USER: login.user,
      NATS_PASSWORD: login.password,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(httpPort),
      API_KEYS_FILE: keys,
      LOG_LEVEL: 'error',
      MEDIA_HOST: '127.0.0.1',
      MEDIA_PORT: String(mediaPort),
      AUDIOSOCKET_PORT: String(audioSocketPort),
      OPENAI_API_KEY: 'bench',
      OPENAI_REALTIME_URL: provider,
      OPENAI_REALTIME_MODEL: 'bench',
      SIMULATED: 'true',
      PROMPT_CACHE_DIR: join(folder, 'prompts'),
    },
  });
  await eventually('realtime-voice is ready', async () => (await fetch(`http://127.0.0.1:${httpPort}/health/ready`)).status === 200, 30_000);
  const bus = new Bus({ ...nats.login('ari-gateway'), logger: createLogger({ service: 'bench', level: 'error' }) });
  bus.start();
  await bus.connection();
  const commands = new CommandClient(bus);
  return {
    pid: pidOf(child),
    mediaUrl: `ws://127.0.0.1:${mediaPort}/media`,
    audioSocketPort,
    streamUrl: `ws://127.0.0.1:${httpPort}/media/twilio`,
    leg: async (stream = false) => {
      const legId = randomUUID();
      await commands.ask(AttachV1, { callId: randomUUID(), legId, tenant: 'bench', agent: 'default', format: 'ulaw', language: 'es', caller: '202', called: '100', ...(stream && { digits: ['0'] }) }, { timeoutMs: 10_000 });
      return legId;
    },
    close: async () => {
      await bus.close();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await nats.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** realtime-voice as it is shipped, and the front door before it, through which Twilio's streams come. */
export async function startBehindFrontDoor(provider: string): Promise<Bridge> {
  const voice = await startRealtimeVoice(provider);
  const folder = mkdtempSync(join(tmpdir(), 'troncal-bench-door-'));
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ keys: [] }), { mode: 0o600 });
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'services', 'front-door', 'dist', 'main.js')], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '', HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port), API_KEYS_FILE: keys, LOG_LEVEL: 'error', UPSTREAMS: JSON.stringify({ 'realtime-voice': new URL(voice.streamUrl ?? '').origin.replace('ws', 'http') }) },
  });
  await eventually('the front door is there', async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).status === 200, 30_000);
  return {
    ...voice,
    streamUrl: `ws://127.0.0.1:${port}/media/twilio`,
    doorPid: pidOf(child),
    close: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
      await voice.close();
    },
  };
}
