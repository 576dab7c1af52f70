import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figures } from '../figures.js';
import { openHandles, proportionalMiB, treeCpuSeconds } from '../process-cost.js';

/** What processes take while nothing about them changes, over some seconds; one row each, and their sum. */
export async function sample(processes: Readonly<Record<string, number>>, seconds: number): Promise<Record<string, Figures>> {
  const before = Object.entries(processes).map(([name, pid]) => ({ name, pid, cpu: treeCpuSeconds(pid) }));
  const began = performance.now();
  await sleep(seconds * 1000);
  const took = (performance.now() - began) / 1000;
  const rows = await Promise.all(
    before.map(async ({ name, pid, cpu }) => {
      const figures: Figures = { 'PSS MiB': proportionalMiB(pid), 'CPU %': ((treeCpuSeconds(pid) - cpu) / took) * 100, 'open files': openHandles(pid), 'loop p99 ms': await loopDelayMs(pid) };
      return [name, figures] as const;
    }),
  );
  const sum = (figure: string): number => rows.reduce((total, [, figures]) => total + (figures[figure] ?? 0), 0);
  return { ...Object.fromEntries(rows), 'all together': { 'PSS MiB': sum('PSS MiB'), 'CPU %': sum('CPU %'), 'open files': sum('open files'), 'loop p99 ms': Number.NaN } };
}

/** The delay of a service's event loop at p99, as its own metrics have it since they were last read; NaN for a process that has none. */
async function loopDelayMs(pid: number): Promise<number> {
  const port = /(?:^|\0)HTTP_PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  if (port === undefined) return Number.NaN;
  const text = await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  // Above the sampling interval of 10 ms, which prom-client's figure holds in it.
  return Number(/^nodejs_eventloop_lag_p99_seconds\S* (\S+)$/m.exec(text)?.[1] ?? Number.NaN) * 1000;
}
