import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type RunningRealtimeVoice } from '@troncal/realtime-voice';
import { startOpenAiRealtimeSimulator, type OpenAiRealtimeSimulator } from '@troncal/simulator-openai-realtime';
import { eventually, startUnderTest, type ServiceUnderTest } from '@troncal/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openResources } from './soak/holdings.js';
import { ShortCalls } from './soak/short-calls.js';

let simulator: OpenAiRealtimeSimulator;
let service: ServiceUnderTest;
let voice: RunningRealtimeVoice | undefined;
const folder = mkdtempSync(join(tmpdir(), 'troncal-soak-'));

beforeAll(async () => {
  simulator = await startOpenAiRealtimeSimulator();
  service = await startUnderTest('realtime-voice', async (env) => (voice = await startService(env)), {
    env: { MEDIA_HOST: '127.0.0.1', MEDIA_PORT: '0', OPENAI_REALTIME_URL: simulator.url, SIMULATED: 'true', PROMPT_CACHE_DIR: folder, DRAIN_SECONDS: '0' },
  });
  simulator.setFaults({ speechMs: 400, speedup: 500 });
}, 60_000);
afterAll(async () => {
  await service.stop();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

it('forty calls of every kind leave nothing behind: no entry, no socket, no timer', async () => {
  const calls = await ShortCalls.open({ mediaUrl: `ws://127.0.0.1:${voice!.mediaPort}/media`, nats: service.nats.login('ari-gateway') });
  // The first calls make what stays: pools, caches, the connections of clients.
  expect(await calls.place(12, 12)).toEqual([]);
  const held = (): number => Object.values(voice!.census()).reduce((sum, count) => sum + count, 0);
  await eventually('the first calls are forgotten', () => held() === 0, 20_000);
  const before = { sockets: openResources('TCPSocketWrap'), timers: openResources('Timeout') };
  expect(await calls.place(40, 12)).toEqual([]);
  await eventually('all are forgotten', () => held() === 0, 20_000);
  await eventually('their sockets are closed', () => openResources('TCPSocketWrap') <= before.sockets + 2, 10_000);
  await eventually('their timers are gone', () => openResources('Timeout') <= before.timers + 2, 15_000);
  await calls.close();
}, 180_000);
