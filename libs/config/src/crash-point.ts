import { writeSync } from 'node:fs';

const armed = readOrder(process.env['CRASH_AT']);
let passes = 0;

/**
 * Marks a place where a process may die. With CRASH_AT=label the process kills itself with SIGKILL at the first pass of that label,
 * with CRASH_AT=label:3 at the third; otherwise this does nothing. Crash tests find the labels in the source: each commit, publish
 * and acknowledgement has one on either side.
 */
export const crashPoint: (label: string) => void = armed === undefined ? () => {} : pass;

function pass(label: string): void {
  if (armed === undefined || label !== armed.label) return;
  passes += 1;
  if (passes !== armed.pass) return;
  writeSync(2, `crash point ${label}, pass ${passes}: killing process ${process.pid}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function readOrder(text: string | undefined): { readonly label: string; readonly pass: number } | undefined {
  if (text === undefined || text === '') return undefined;
  const [, label, nth] = /^([a-z0-9.-]+)(?::([1-9]\d*))?$/.exec(text) ?? [];
  if (label === undefined) throw new Error(`CRASH_AT is ${JSON.stringify(text)}; expected label or label:n, for example outbox.published:2.`);
  return { label, pass: Number(nth ?? 1) };
}
