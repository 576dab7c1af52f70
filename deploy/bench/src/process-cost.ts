import { readdirSync, readFileSync } from 'node:fs';
import { treeOf } from '@troncal/testing';

/** Linux counts process time in ticks of 10 ms (`getconf CLK_TCK` is 100 on every port that we run on). */
const TICKS_PER_SECOND = 100;

/** The fields of /proc/<pid>/stat after the command name, which stands in parentheses and may hold spaces. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** CPU seconds (user and system) that a process has used since it began, from /proc. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** CPU seconds of a process, of its descendants that live and of those it has waited for: PostgreSQL's backends come and go. */
export function treeCpuSeconds(pid: number): number {
  return treeOf(pid).reduce((sum, each) => {
    const fields = statOf(each);
    return sum + [11, 12, 13, 14].reduce((ticks, field) => ticks + Number(fields[field]), 0) / TICKS_PER_SECOND;
  }, 0);
}

/** Resident memory of a process in MiB, from /proc. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

/** Memory of a process and its descendants in MiB, each shared page counted in parts (PSS): the sum over all processes is what they take together. */
export function proportionalMiB(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${each}/smaps_rollup`))?.[1] ?? 0) / 1024, 0);
}

/** Open files and sockets of a process and its descendants. */
export function openHandles(pid: number): number {
  return treeOf(pid).reduce((sum, each) => sum + entriesOf(`/proc/${each}/fd`).length, 0);
}

/** What the machine is, for the head of a table. */
export function machine(): string {
  const cpu = /model name\s+:\s+(.+)/.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown CPU';
  const cores = readFileSync('/proc/cpuinfo', 'utf8').match(/^processor/gm)?.length ?? 0;
  return `${cores} × ${cpu}, Node ${process.version}, load ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' ')}`;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
