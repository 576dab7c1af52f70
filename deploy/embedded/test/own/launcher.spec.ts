import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurnCompletedV1, type StackState } from '@troncal/contracts';
import { isSameProcessAlive } from '@troncal/parts';
import { readStackState, stateLayout } from '@troncal/embedded';
import { QUESTION_TONES } from '@troncal/simulator-openai-realtime';
import { EventRecorder, openStackPhone } from '@troncal/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LauncherProcess, processesOf, runLauncher } from '../launcher-process.js';

let folder: string;
let stateDir: string;
let launcher: LauncherProcess | undefined;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-launcher-'));
  stateDir = path.join(folder, 'state');
});
afterAll(async () => {
  await launcher?.end('SIGTERM');
  await runLauncher(['reset', '--state-dir', stateDir]);
  fs.rmSync(folder, { recursive: true, force: true });
});

const ownFolders = (): string[] => [stateDir, stateLayout(stateDir).postgresDataDir];

async function gone(pids: readonly { pid: number; startedAt: string }[]): Promise<void> {
  for (let attempt = 0; attempt < 200 && pids.some(isSameProcessAlive); attempt++) await sleep(50);
  expect(pids.filter(isSameProcessAlive)).toEqual([]);
}

/** One life of a clone, told in order: each step goes on from the one before. */
describe('npm start', () => {
  it('starts from nothing; what was left out by choice counts as ready', async () => {
    launcher = LauncherProcess.start(stateDir, ['--without-asterisk']);
    const state = await launcher.ready();
    expect(state.leftOut.map(({ part }) => part)).toEqual(['asterisk']);
    const health = await fetch(`${state.http.url}/health/ready`);
    expect(health.status).toBe(200);
    expect(((await health.json()) as { checks: unknown[] }).checks).toContainEqual(expect.objectContaining({ name: 'asterisk', state: 'left_out' }));
    expect(launcher.output).toContain('SIMULATED');
    expect(launcher.output).not.toContain(fs.readFileSync(state.http.apiKeyFile, 'utf8').trim());
    for (const file of [state.http.apiKeyFile, stateLayout(stateDir).stateFile]) expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  }, 120_000);

  it('runs its services out of few files', async () => {
    const { processes } = await current();
    const argv = (name: string): string => fs.readFileSync(`/proc/${processes.find((each) => each.name === name)?.pid}/cmdline`, 'utf8');
    for (const name of ['ari-gateway', 'realtime-voice', 'openai-simulator']) expect(argv(name)).toMatch(/\/bundles\/[0-9a-f]{16}\/[a-z-]+\/main\.js/);
    expect(launcher?.output).not.toContain('could not be bundled');
  });

  it('lets nobody in without a key', async () => {
    const { http } = await current();
    expect((await fetch(`${http.url}/api/tenants`)).status).toBe(401);
    const key = fs.readFileSync(http.apiKeyFile, 'utf8').trim();
    const answer = await fetch(`${http.url}/api/tenants/demo`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
  });

  it('says of a call that it can have none, and why', async () => {
    const { http } = await current();
    const authorization = `Bearer ${fs.readFileSync(http.apiKeyFile, 'utf8').trim()}`;
    const ask = async (path: string, body?: object): Promise<{ status: number; said: unknown }> => {
      const init = body ? { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) } : { headers: { authorization } };
      const answer = await fetch(new URL(path, http.url), init);
      return { status: answer.status, said: await answer.json() };
    };
    const refused = { status: 503, said: expect.objectContaining({ code: 'edge_left_out', detail: expect.stringContaining('left out by choice') as string }) as unknown };
    expect(await ask('/api/calls', { tenant: 'demo', to: '203', agent: 'default' })).toEqual(refused);
    expect(await ask('/api/calls/originate', { tenant: 'demo', phone_number: '203' })).toEqual(refused);
    expect(await ask('/api/calls?live')).toEqual({ status: 200, said: { calls: [] } });
  });

  it('a second time in the same clone says that it is running, and reset refuses', async () => {
    const second = await runLauncher(['start', '--state-dir', stateDir]);
    expect(second).toMatchObject({ code: 3, output: expect.stringContaining('already running') as string });
    const reset = await runLauncher(['reset', '--state-dir', stateDir]);
    expect(reset).toMatchObject({ code: 3, output: expect.stringContaining('already running') as string });
  });

  it('replaces a part that was killed', async () => {
    for (const name of ['light', 'nats', 'postgres']) {
      const before = (await current()).processes.find((process) => process.name === name);
      process.kill(before?.pid ?? 0, 'SIGKILL');
      await expect.poll(async () => (await current()).processes.find((process) => process.name === name)?.pid ?? before?.pid, { timeout: 10_000 }).not.toBe(before?.pid);
    }
    const { http } = await current();
    await expect.poll(async () => (await fetch(`${http.url}/health/ready`).catch(() => null))?.status, { timeout: 30_000 }).toBe(200);
  }, 60_000);

  it('dies uncleanly without leaving anything running', async () => {
    const { processes } = await current();
    await launcher?.end('SIGKILL');
    await gone(processes);
    expect(processesOf(...ownFolders())).toEqual([]);
  }, 30_000);

  it('starts again with its data after an unclean death, now with telephones and AudioSocket', async () => {
    const before = fs.readFileSync(stateLayout(stateDir).demoFile, 'utf8');
    launcher = LauncherProcess.start(stateDir, ['--media', 'audiosocket']);
    const state = await launcher.ready();
    expect(state.asterisk?.version).toMatch(/^22\./);
    expect(fs.readFileSync(stateLayout(stateDir).demoFile, 'utf8')).toBe(before);
    expect(Object.keys(state.demo?.accounts ?? {})).toEqual(['201', '202', '203']);
  }, 120_000);

  it('has a call over AudioSocket: the caller hears the agent, and the agent the caller', async () => {
    const state = await current();
    const account = state.demo?.accounts['202'];
    if (!account) throw new Error('no account 202');
    const events = await EventRecorder.open(state);
    const phone = await openStackPhone(state, { extension: '202', ...account });
    try {
      const call = await phone.call('100');
      await call.answered({ timeoutMs: 15_000 });
      await call.heard.waitForVoice({ timeoutMs: 15_000 });
      expect(await applicationsIn(state.asterisk)).toContain('AudioSocket');
      await call.playTone(QUESTION_TONES.question, 1_000);
      await events.seen(TurnCompletedV1, ({ data }) => data.role === 'caller' && data.text.includes(`${QUESTION_TONES.question} Hz`), 20_000);
      await call.hangup();
    } finally {
      await phone.close();
      await events.stop();
    }
  }, 90_000);

  it('stops everything it started on Ctrl-C, and nothing else', async () => {
    const { processes } = await current();
    expect(await launcher?.end('SIGINT')).toBe(0);
    expect(processes.filter(isSameProcessAlive)).toEqual([]);
    expect(processesOf(...ownFolders())).toEqual([]);
    expect((await current()).phase).toBe('stopped');
  }, 60_000);

  it('refuses a port that was asked for exactly and is taken, and leaves nothing running', async () => {
    const server = net.createServer();
    const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)));
    const refused = await runLauncher(['start', '--state-dir', stateDir], { TRONCAL_HTTP_PORT: String(port) });
    server.close();
    expect(refused.code).toBe(2);
    expect(refused.output).toContain(`TRONCAL_HTTP_PORT is ${port}`);
    expect(processesOf(...ownFolders())).toEqual([]);
  }, 30_000);

  it('forgets everything on reset', async () => {
    expect(await runLauncher(['reset', '--state-dir', stateDir])).toMatchObject({ code: 0 });
    expect(fs.existsSync(stateDir)).toBe(false);
    expect(fs.existsSync(stateLayout(stateDir).postgresDataDir)).toBe(false);
  });
});

async function current(): Promise<NonNullable<ReturnType<typeof readStackState>>> {
  const state = readStackState(stateLayout(stateDir).stateFile);
  if (!state) throw new Error('no state file');
  return Promise.resolve(state);
}

/** What the channels of an Asterisk are in, by its ARI. */
async function applicationsIn(asterisk: StackState['asterisk']): Promise<string[]> {
  const { ariUrl, ariUser, ariPassword } = asterisk ?? { ariUrl: '', ariUser: '', ariPassword: '' };
  const answer = await fetch(new URL('/ari/channels', ariUrl), { headers: { authorization: `Basic ${Buffer.from(`${ariUser}:${ariPassword}`).toString('base64')}` } });
  return ((await answer.json()) as { dialplan: { app_name: string } }[]).map(({ dialplan }) => dialplan.app_name);
}
