import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiKeysFile, eventually, startNats, startPostgres } from '@troncal/testing';
import { table, type Figures } from './figures.js';
import { machine } from './process-cost.js';
import { holdings, slope, type Holdings } from './soak/holdings.js';
import type { Target } from './soak/short-calls.js';

/** Calls in all, at once, and between two looks. */
const CALLS = Number(process.env['SOAK_CALLS'] ?? 10_000);
const AT_ONCE = Number(process.env['SOAK_AT_ONCE'] ?? 40);
const EACH = Number(process.env['SOAK_EACH'] ?? 1_000);
/** A leg attached in vain is forgotten after 15 s, a caller whose leg broke after 5 s. */
const REST_MS = 30_000;
/** More than this per call, once warm, is a leak: noise over 10,000 calls is below a tenth of it. */
const HEAP_BYTES_PER_CALL = 400;
const RSS_BYTES_PER_CALL = 3_000;

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** As much of realtime-voice as is watched here; a benchmark does not depend on a service, it runs one. */
interface Service {
  readonly url: string;
  readonly mediaPort: number;
  census(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}
type StartService = (env: Readonly<Record<string, string | undefined>>) => Promise<Service>;

async function forked(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; first: unknown }> {
  const child = fork(file, args, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [first] = (await once(child, 'message')) as [unknown];
  return { child, first };
}

const folder = mkdtempSync(join(tmpdir(), 'troncal-soak-'));
const [nats, postgres] = await Promise.all([startNats(), startPostgres()]);
const database = await postgres.createDatabase('realtime-voice');
const { PATH } = process.env;
const simulator = await forked(join(ROOT, 'libs', 'simulators', 'openai-realtime', 'dist', 'main.js'), [], { PATH });
const { startService } = (await import(join(ROOT, 'services', 'realtime-voice', 'dist', 'index.js'))) as { startService: StartService };
const login = nats.login('realtime-voice');
const service = await startService({
  DATABASE_URL: database.appUrl,
  DATABASE_OWNER_URL: database.ownerUrl,
  NATS_URL: login.url,
  NATS_USER: login.user,
  NATS_PASSWORD: login.password,
  HTTP_PORT: '0',
  API_KEYS_FILE: apiKeysFile(folder, new Map()),
  LOG_LEVEL: 'error',
  MEDIA_HOST: '127.0.0.1',
  MEDIA_PORT: '0',
  OPENAI_REALTIME_URL: (simulator.first as { url: string }).url,
  SIMULATED: 'true',
  PROMPT_CACHE_DIR: join(folder, 'prompts'),
  DRAIN_SECONDS: '0',
});
await eventually('realtime-voice is ready', async () => (await fetch(new URL('/health/ready', service.url))).status === 200, 30_000);
// Short answers, at once: calls are to be many here, not long.
const { url: providerUrl } = simulator.first as { url: string };
await eventually('the greetings are made', async () => (await readdir(join(folder, 'prompts'))).filter((file) => file.endsWith('.ulaw')).length >= 2, 30_000);
await fetch(new URL('/control/faults', providerUrl.replace('ws:', 'http:')), { method: 'POST', body: JSON.stringify({ speechMs: 400, speedup: 500 }) });
const target: Target = { mediaUrl: `ws://127.0.0.1:${service.mediaPort}/media`, nats: nats.login('ari-gateway') };
const load = await forked(join(import.meta.dirname, 'soak', 'load.js'), [JSON.stringify(target)], { PATH });

const seen: { readonly calls: number; readonly held: Holdings; readonly perSecond: number }[] = [];
let faults: string[] = [];
for (let calls = 0; calls < CALLS; ) {
  const began = performance.now();
  const place = Math.min(EACH, CALLS - calls);
  load.child.send({ place, atOnce: AT_ONCE });
  const [answer] = (await once(load.child, 'message')) as [{ faults: string[] }];
  const perSecond = place / ((performance.now() - began) / 1_000);
  faults = [...faults, ...answer.faults];
  calls += place;
  const held = await holdings(() => service.census(), REST_MS);
  seen.push({ calls, held, perSecond });
  process.stderr.write(`${calls} calls, ${perSecond.toFixed(1)}/s, ${faults.length} failed, heap ${held.heapMiB.toFixed(1)} MiB, RSS ${held.rssMiB.toFixed(0)} MiB, ${held.sockets} sockets, ${held.timers} timers ${[...new Set(answer.faults)].slice(0, 3).join('; ')}\n`);
}

const rows: Record<string, Figures> = Object.fromEntries(
  seen.map(({ calls, held, perSecond }) => [`${calls} calls`, { 'calls/s': perSecond, 'heap MiB': held.heapMiB, 'RSS MiB': held.rssMiB, sockets: held.sockets, timers: held.timers, 'map entries': held.entries }]),
);
// The first look is warm-up: compiled code, pools and caches have come to be.
const warm = seen.slice(Math.min(2, seen.length - 1));
const perCall = (of: (held: Holdings) => number): number => slope(warm.map(({ calls, held }) => ({ x: calls, y: of(held) * 1024 ** 2 })));
const [heap, rss] = [perCall((held) => held.heapMiB), perCall((held) => held.rssMiB)];
const [first, last] = [warm[0]?.held, warm.at(-1)?.held];
const leaks = [
  ...(heap > HEAP_BYTES_PER_CALL ? [`the heap grows by ${heap.toFixed(0)} bytes a call`] : []),
  ...(rss > RSS_BYTES_PER_CALL ? [`the process grows by ${rss.toFixed(0)} bytes a call`] : []),
  ...(first && last && last.sockets > first.sockets + 2 ? [`sockets went from ${first.sockets} to ${last.sockets}`] : []),
  ...(first && last && last.timers > first.timers + 5 ? [`timers went from ${first.timers} to ${last.timers}`] : []),
  ...(faults.length > CALLS / 100 ? [`${faults.length} calls failed: ${[...new Set(faults)].slice(0, 5).join('; ')}`] : []),
];
console.log(`realtime-voice over ${CALLS} short calls, ${AT_ONCE} at once; looked at when nobody calls, after a garbage collection; ${faults.length} calls failed`);
console.log(`${machine()}; PostgreSQL, NATS, the simulated provider and the callers share the machine\n`);
console.log(table(rows));
console.log(`\nslope once warm: heap ${heap.toFixed(0)}, RSS ${rss.toFixed(0)} bytes a call${leaks.length === 0 ? ': flat' : `\nLEAK: ${leaks.join('; ')}`}`);

load.child.kill('SIGKILL');
simulator.child.kill('SIGKILL');
await service.close();
await nats.stop();
await postgres.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(leaks.length === 0 ? 0 : 1);
