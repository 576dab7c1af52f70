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
      const figures: Figures = { 'PSS MiB': proportionalMiB(pid), 'CPU %': ((treeCpuSeconds(pid) - cpu) / took) * 100, 'open files': openHandles(pid), ...(await toldBy(pid)) };
      return [name, figures] as const;
    }),
  );
  const sum = (figure: string): number => rows.reduce((total, [, figures]) => total + (figures[figure] ?? 0), 0);
  return { ...Object.fromEntries(rows), 'all together': { 'PSS MiB': sum('PSS MiB'), 'CPU %': sum('CPU %'), 'open files': sum('open files') } };
}

/** What a service tells of itself: its event loop's delay at p99 since it was last asked, and its database connections; NaN for a process that tells nothing. */
async function toldBy(pid: number): Promise<Figures> {
  const port = /(?:^|\0)HTTP_PORT=(\d+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1];
  const text = port === undefined ? '' : await fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  const value = (metric: RegExp): number => Number(metric.exec(text)?.[1] ?? Number.NaN);
  return {
    'loop p99 ms': value(/^nodejs_eventloop_lag_p99_seconds\S* (\S+)$/m) * 1000,
    'db busy': value(/^troncal_database_connections_count\{state="busy"\S* (\S+)$/m),
    'db waiting': value(/^troncal_database_waiting_count\S* (\S+)$/m),
  };
}
