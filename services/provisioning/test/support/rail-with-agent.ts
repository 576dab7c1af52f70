import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator } from '@troncal/simulator-openai-realtime';
import { apiKeysFile, eventually, freePort, programEnv, serviceProgram, sharedPostgres, type ServiceUnderTest } from '@troncal/testing';

/** realtime-voice on provisioning's bus, with a voice provider that is simulated, and the front door before both: as Twilio meets them. */
export interface RailWithAgent {
  /** Where the front door is. */
  readonly url: string;
  readonly provider: OpenAiRealtimeSimulator;
  stop(): Promise<void>;
}

export async function startRailWithAgent({ nats }: ServiceUnderTest, provisioningUrl: string): Promise<RailWithAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-rail-'));
  const children: ChildProcess[] = [];
  const run = (program: string, env: Readonly<Record<string, string>>): Promise<string> => {
    const child = fork(program, { env: { ...programEnv(), HTTP_HOST: '127.0.0.1', LOG_LEVEL: 'silent', API_KEYS_FILE: keys, ...env }, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    return new Promise((resolve, reject) => {
      child.once('message', (message) => resolve((message as { url: string }).url));
      child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    });
  };
  const keys = apiKeysFile(folder, new Map([['*', 'key']]));
  const provider = await startOpenAiRealtimeSimulator();
  const database = await (await sharedPostgres()).createDatabase('realtime-voice');
  const login = nats.login('realtime-voice');
  const voice = await run(serviceProgram('realtime-voice'), {
    HTTP_PORT: String(await freePort()), MEDIA_PORT: String(await freePort()), DATABASE_URL: database.appUrl, DATABASE_OWNER_URL: database.ownerUrl,
    NATS_URL: login.url, NATS_USER: login.user, NATS_PASSWORD: login.password, OPENAI_REALTIME_URL: provider.url, SIMULATED: 'true', PROMPT_CACHE_DIR: join(folder, 'prompts'),
  });
  await eventually('realtime-voice is ready', async () => (await fetch(new URL('/health/ready', voice))).status === 200, 30_000);
  const upstreams = { provisioning: provisioningUrl, 'realtime-voice': voice };
  const url = await run(serviceProgram('front-door'), { HTTP_PORT: String(await freePort()), UPSTREAMS: JSON.stringify(upstreams) });
  return {
    url,
    provider,
    stop: async () => {
      await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))));
      await provider.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
