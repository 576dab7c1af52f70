import { SERVICE_NAMES } from '@troncal/contracts';
import { Health, leftOut, notReady, type CheckResult } from '@troncal/observability';
import type { FrontDoorConfig } from './config.js';
import { askUpstream } from './upstream-health.js';

// The services give their own checks 2 s; we wait a little longer for what they have to say.
const ASK_MS = 2_500;
const DEADLINE_MS = 3_000;

/** The health of the whole: every service by name, each asked now, unless it was left out by choice. */
export function readinessOf({ UPSTREAMS, LEFT_OUT }: Pick<FrontDoorConfig, 'UPSTREAMS' | 'LEFT_OUT'>): Health {
  const health = new Health(DEADLINE_MS);
  for (const name of new Set<string>([...SERVICE_NAMES, ...LEFT_OUT])) {
    const origins = Object.entries(UPSTREAMS).find(([service]) => service === name)?.[1];
    health.add(name, () => {
      if (LEFT_OUT.includes(name)) return leftOut('Left out by choice (LEFT_OUT).');
      return origins === undefined ? notReady('It has no address here: name it in UPSTREAMS, or in LEFT_OUT if it runs nowhere by choice.') : anyOf(origins);
    });
  }
  return health;
}

/** One replica that is ready is enough; what any of them lacks is told. */
async function anyOf(origins: readonly [string, ...string[]]): Promise<CheckResult> {
  const [first, ...others] = await Promise.all([askUpstream(origins[0], ASK_MS), ...origins.slice(1).map((origin) => askUpstream(origin, ASK_MS))]);
  const ready = [first, ...others].filter(({ state }) => state !== 'not_ready');
  return ready.find(({ state }) => state === 'degraded') ?? ready[0] ?? first;
}
