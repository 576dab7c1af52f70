import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, startSilentProxy, type Silence, type SilentProxy } from '@troncal/testing';
import { atMost, none } from '../judge/finding.js';
import { callsLive, convergence, edgeReconciled, everythingReady, outboxesEmpty } from './convergence.js';
import type { Fault, Played, Stage } from './fault.js';

const DETECTED_MS = 2_000;
const CONVERGED_MS = 5_000;
/** How long a partition lasts after it was noticed. */
const LASTS_MS = 3_000;
const LOOK_MS = 50;
const ASKED_WITHIN_MS = 400;

/** What the gateway is cut off from, each by a proxy of its own, and the settings that lead through it. */
const LINKS = [
  { name: 'NATS', port: 'nats', settings: ['NATS_URL'] },
  { name: 'PostgreSQL', port: 'postgres', settings: ['DATABASE_URL', 'DATABASE_OWNER_URL'] },
  { name: 'Asterisk (ARI)', port: 'ari', settings: ['ARI_URL'] },
] as const;
const WAYS: readonly Silence[] = ['both', 'up', 'down'];
const PARTITIONS = LINKS.length * WAYS.length;

async function gatewayThrough({ troncal }: Stage): Promise<Map<string, SilentProxy>> {
  const proxies = new Map<string, SilentProxy>();
  const moved: Record<string, number> = {};
  for (const { name, port, settings } of LINKS) {
    const proxy = await startSilentProxy({ host: '127.0.0.1', port: troncal.ports[port] ?? 0 });
    proxies.set(name, proxy);
    for (const setting of settings) moved[setting] = proxy.port;
  }
  troncal.movePorts('ari-gateway', moved);
  await troncal.replace('ari-gateway');
  await eventually('the gateway is ready behind its proxies', () => troncal.isReady(), 30_000);
  return proxies;
}

/** Whether the gateway says that it is ready, as a probe would ask it; no answer in time is none. */
async function gatewayReady({ troncal }: Stage): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${troncal.ports['ari-gateway']}/health/ready`, { signal: AbortSignal.timeout(ASKED_WITHIN_MS) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** One partition, from the first silent byte until all is well again. */
async function partition(stage: Stage, proxy: SilentProxy, way: Silence): Promise<{ readonly detectedMs: number | null; readonly convergedMs: number | null; readonly steps: string }> {
  const began = Date.now();
  proxy.silence(way);
  let detectedMs: number | null = null;
  while (detectedMs === null && Date.now() - began < 15_000) {
    if (await gatewayReady(stage)) await sleep(LOOK_MS);
    else detectedMs = Date.now() - began;
  }
  await sleep(LASTS_MS);
  const healedAtMs = Date.now();
  proxy.speak();
  const { atMs, steps } = await convergence(healedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)]);
  return { detectedMs, convergedMs: atMs === null ? null : atMs - healedAtMs, steps };
}

const worst = (values: readonly (number | null)[]): number | null => (values.includes(null) ? null : Math.max(...values.map((value) => value ?? 0)));

async function play(stage: Stage): Promise<Played> {
  const proxies = await gatewayThrough(stage);
  await convergence(Date.now(), [edgeReconciled(stage, 0), everythingReady(stage)]);
  const faultAtMs = Date.now();
  stage.workload.arrivals.start(5_000);
  const seen: { readonly what: string; readonly detectedMs: number | null; readonly convergedMs: number | null; readonly steps: string }[] = [];
  for (const { name } of LINKS) {
    for (const way of WAYS) {
      const proxy = proxies.get(name);
      if (!proxy) continue;
      const what = `${name}, ${way === 'both' ? 'both ways' : way === 'up' ? 'from the gateway' : 'towards the gateway'}`;
      seen.push({ what, ...(await partition(stage, proxy, way)) });
      stage.say(`${what}: noticed after ${seen.at(-1)?.detectedMs} ms, whole again after ${seen.at(-1)?.convergedMs} ms`);
    }
  }
  await stage.workload.arrivals.stop();
  const liftedAtMs = Date.now();
  // Each end learns now that the other is there without a proxy.
  await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
  stage.troncal.movePorts('ari-gateway', {});
  await stage.troncal.replace('ari-gateway');
  const { atMs: convergedAtMs } = await convergence(liftedAtMs, [everythingReady(stage), callsLive(stage), outboxesEmpty(stage)]);
  const late = seen.filter((each) => each.detectedMs === null || each.detectedMs > DETECTED_MS).map((each) => `${each.what}: ${each.detectedMs} ms`);
  const slow = seen.filter((each) => each.convergedMs === null || each.convergedMs > CONVERGED_MS).map((each) => `${each.what}: ${each.steps}`);
  return {
    times: { faultAtMs, liftedAtMs, convergedAtMs },
    findings: [
      atMost('noticed: /health/ready no longer 200', DETECTED_MS, worst(seen.map((each) => each.detectedMs)), 'ms', late),
      atMost('whole again after each healing', CONVERGED_MS, worst(seen.map((each) => each.convergedMs)), 'ms', slow),
      none('partitions that were not noticed at all', seen.filter((each) => each.detectedMs === null).map((each) => each.what), `${seen.length} partitions`),
    ],
    notes: seen.map((each) => `${each.what}: noticed after ${each.detectedMs} ms, whole again after ${each.convergedMs} ms`),
  };
}

/** F6: packets vanish, and nobody is told. */
export const F6: Fault = {
  code: 'F6',
  what: `${PARTITIONS} silent partitions between the gateway and NATS, PostgreSQL, Asterisk: both ways and one way`,
  bounds: { convergedMs: 10_000, gapMs: 60, arrivalHearsMs: 5_000 },
  arrivals: 30,
  arrivalStaysMs: 15_000,
  plant: {
    defect: 'an event socket that does not mind silence',
    changes: [
      { module: 'libs/ari/{}/event-socket', find: 'if (silent > this.options.silenceMs && !stoodStill)', replace: 'if (silent > 600_000)' },
      { module: 'libs/ari/{}/event-socket', find: 'if (unanswered > this.options.silenceMs * DEAF_SHARE && !stoodStill)', replace: 'if (unanswered > 600_000)' },
    ],
  },
  play,
};
