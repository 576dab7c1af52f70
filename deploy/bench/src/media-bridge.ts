import { setTimeout as sleep } from 'node:timers/promises';
import { alternate, percentile, table, type Figures } from './figures.js';
import { startBareRelay, startRealtimeVoice, type Bridge } from './media/bridges.js';
import { openPeers } from './media/media-peers.js';
import { startTalkingProvider } from './media/talking-provider.js';
import { cpuSeconds, machine, residentMiB } from './process-cost.js';

const CALLS = Number(process.env['BENCH_CALLS'] ?? 50);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
const SETTLE_MS = 3_000;

/** One run: all calls at once, caller and agent both talking without a pause. */
async function measure(start: (provider: string) => Promise<Bridge>): Promise<Figures> {
  const provider = await startTalkingProvider();
  const bridge = await start(provider.url);
  const peers = await openPeers(CALLS, () => bridge.legUrl());
  try {
    await sleep(SETTLE_MS);
    provider.takeAges();
    peers.take();
    const [cpu, began] = [cpuSeconds(bridge.pid), performance.now()];
    await sleep(SECONDS * 1000);
    const perCall = ((cpuSeconds(bridge.pid) - cpu) / ((performance.now() - began) / 1000)) / CALLS;
    const inward = provider.takeAges();
    const { ages: outward, late, ticks } = peers.take();
    return {
      '% core/call': perCall * 100,
      'calls/core': 1 / perCall,
      'in p50 ms': percentile(inward, 0.5),
      'in p99 ms': percentile(inward, 0.99),
      'out p50 ms': percentile(outward, 0.5),
      'out p99 ms': percentile(outward, 0.99),
      'late %': (late / Math.max(1, ticks)) * 100,
      'frames in %': (inward.length / (CALLS * SECONDS * 50)) * 100,
      'frames out %': (outward.length / (CALLS * SECONDS * 50)) * 100,
      'RSS MiB': residentMiB(bridge.pid),
    };
  } finally {
    peers.close();
    await bridge.close();
    await provider.close();
  }
}

const result = await alternate(RUNS, { 'realtime-voice (ours)': () => measure(startRealtimeVoice), 'bare relay (bound)': () => measure(startBareRelay) });
console.log(`Media bridge: ${CALLS} calls at once, caller and agent talking without a pause for ${SECONDS} s, medians of ${RUNS} alternating runs`);
console.log(`${machine()}; the load generator shares the machine; budget in: p50 < 1 ms, p99 < 5 ms; >= 500 calls/core\n`);
console.log(table(result));
process.exit(0);
