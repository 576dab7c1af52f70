import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '@troncal/contracts';
import type { Figures } from '../figures.js';
import { cpuSeconds } from '../process-cost.js';
import { covered, roundTrips, type Span } from './bounds.js';
import type { Program } from './provisioning-program.js';
import { ENVIRONMENT } from './tenants.js';

const LOOK_MS = 50;
const AT = `/api/environments/${ENVIRONMENT}`;

/** Does something, and tells what it took beside a bound, ms. */
export async function observe({ twilio, pid }: Program, boundMs: number, work: () => Promise<unknown>): Promise<Figures> {
  twilio.forget();
  const [cpu, offset, began] = [cpuSeconds(pid), Date.now() - performance.now(), performance.now()];
  await work();
  const ended = performance.now();
  const requests = twilio.requests();
  const spans = requests.map(({ at, tookMs }): Span => ({ began: Date.parse(at) - offset, ended: Date.parse(at) - offset + tookMs }));
  const count = (which: (request: (typeof requests)[number]) => boolean): number => requests.filter(which).length;
  const [seconds, bound] = [(ended - began) / 1_000, boundMs === 0 ? Number.NaN : boundMs / 1_000];
  return {
    writes: count(({ method, status }) => method !== 'GET' && status !== 429), reads: count(({ method, status }) => method === 'GET' && status !== 429), '429s': count(({ status }) => status === 429),
    'round trips': roundTrips(spans), 's': seconds, 'bound s': bound, 'of bound': seconds / bound, 'nothing asked s': Math.max(0, seconds - covered(spans) / 1_000), 'our CPU s': cpuSeconds(pid) - cpu,
  };
}

/** Begins a run and waits for its end. @throws Error unless it is whole */
export async function ran({ api }: Program, method: 'POST' | 'DELETE', what: string, body: object): Promise<void> {
  const { run } = await api.expect<{ run: string }>(method, `${AT}/${what}`, body);
  for (;;) {
    // The list shows no steps: three thousand of them, asked for all the time, would be measured too.
    const { runs } = await api.expect<{ runs: Omit<RunView, 'steps'>[] }>('GET', `/api/runs?environment=${ENVIRONMENT}&limit=1`);
    const [latest] = runs;
    if (latest?.run === run && latest.state !== 'running') {
      if (latest.state === 'whole') return;
      const { fault, steps } = await api.expect<RunView>('GET', `/api/runs/${run}`);
      throw new Error(`${method} ${what} is ${latest.state}: ${fault ?? JSON.stringify(steps.filter(({ state }) => state === 'failed').slice(0, 3))}`);
    }
    await sleep(LOOK_MS);
  }
}

/** Asks something of the environment that answers at once. */
export const asked = <T>({ api }: Program, what: string, body: object): Promise<T> => api.expect<T>('POST', `${AT}/${what}`, body);
