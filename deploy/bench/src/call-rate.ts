import { setTimeout as sleep } from 'node:timers/promises';
import { openBareEdge } from './calls/bare-edge.js';
import { offerCalls, type Offer } from './calls/offer-calls.js';
import { openTroncalEdge, type Edge } from './calls/troncal-edge.js';
import { alternate, percentile, table, type Figures } from './figures.js';
import { machine, treeCpuSeconds } from './process-cost.js';

const RATES = (process.env['BENCH_RATES'] ?? '5,15,30').split(',').map(Number);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const RUNS = Number(process.env['BENCH_RUNS'] ?? 3);
/** Only contenders whose name begins so. */
const ONLY = process.env['BENCH_ONLY'] ?? '';
const HOLD_MS = 500;
/** What a call leaves behind is done by then; its cost is the call's. */
const SETTLE_MS = 700;

/** One run at one rate: delays at the caller's, and CPU time of everything that had a part in it. */
async function measure(edge: Edge, offer: Pick<Offer, 'dialled' | 'perSecond' | 'untilHeard'>): Promise<Figures> {
  const cpu = (): Record<string, number> => Object.fromEntries(Object.entries(edge.processes).map(([name, pid]) => [name, treeCpuSeconds(pid)]));
  const before = cpu();
  const { offered, answered, heard, failures } = await offerCalls({ callers: offer.untilHeard ? edge.talkers : edge.callers, seconds: SECONDS, holdMs: HOLD_MS, ...offer });
  await sleep(SETTLE_MS);
  for (const [reason, count] of failures) process.stderr.write(`  ${count} × ${reason}\n`);
  const cost = Object.fromEntries(Object.entries(cpu()).map(([name, seconds]) => [`${name} ms/call`, ((seconds - (before[name] ?? 0)) / offered) * 1000]));
  return {
    'p50 ms': percentile(answered, 0.5),
    'p99 ms': percentile(answered, 0.99),
    ...(offer.untilHeard && { 'sound p50 ms': percentile(heard, 0.5), 'sound p99 ms': percentile(heard, 0.99) }),
    'failed %': ((offered - answered.length) / offered) * 100,
    ...cost,
  };
}

const [troncal, bare] = [await openTroncalEdge(), await openBareEdge()];
const withBareApp = async (run: () => Promise<Figures>): Promise<Figures> => {
  const stop = await bare.startBareApp();
  try {
    return await run();
  } finally {
    await stop();
  }
};
try {
  const contenders: Record<string, () => Promise<Figures>> = {};
  for (const perSecond of RATES) {
    const at = (name: string, run: () => Promise<Figures>): void => {
      if (name.startsWith(ONLY)) contenders[`${name}, ${perSecond}/s`] = run;
    };
    const offer = (dialled: string, untilHeard = false): Pick<Offer, 'dialled' | 'perSecond' | 'untilHeard'> => ({ dialled, perSecond, untilHeard });
    at('answer: Troncal', () => measure(troncal, offer('601')));
    at('answer: bare ARI (bound)', () => withBareApp(() => measure(bare, offer('601'))));
    at('answer: dialplan (bound)', () => measure(bare, offer('*43')));
    at('ring: Troncal', () => measure(troncal, offer('602')));
    at('ring: dialplan (bound)', () => measure(bare, offer('201')));
    at('agent: Troncal', () => measure(troncal, offer('603', true)));
  }
  // The first calls compile what they pass.
  for (const [edge, dialled] of [[troncal, '601'], [troncal, '602'], [troncal, '603'], [bare, '*43']] as const) await offerCalls({ callers: edge.callers, dialled, perSecond: 5, seconds: 2, holdMs: 100, untilHeard: false });
  const result = await alternate(RUNS, contenders);
  console.log(`Call set-up on real Asterisk: INVITE (with its challenge) to 200 OK at the caller's, ${SECONDS} s per rate, medians of ${RUNS} alternating runs`);
  console.log(`${machine()}; the callers share the machine; PostgreSQL with fsync, NATS with sync_interval always; budget: INVITE to the agent's first sound <= 250 ms p50\n`);
  console.log(table(result));
} finally {
  await troncal.close();
  await bare.close();
}
process.exit(0);
