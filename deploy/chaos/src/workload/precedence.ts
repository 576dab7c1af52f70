import fs from 'node:fs';
import os from 'node:os';

/** Where a group of processes gets its share of the CPU, by kind of control group: version 1, then 2. */
const GROUPS = [
  { parent: '/sys/fs/cgroup/cpu', weight: 'cpu.shares', most: '200000' },
  { parent: '/sys/fs/cgroup', weight: 'cpu.weight', most: '10000' },
] as const;

/**
 * Puts this process, and all that it starts from now on, before everything else on the machine: a run then measures Troncal on these cores and not
 * what neighbours do on them. Needs the right to make a control group (root); false without.
 */
export function takePrecedence(): boolean {
  const group = GROUPS.find(({ parent, weight }) => fs.existsSync(`${parent}/cgroup.procs`) && (weight === 'cpu.shares' || fs.existsSync(`${parent}/cgroup.controllers`)));
  if (!group) return false;
  const folder = `${group.parent}/troncal-chaos-${process.pid}`;
  try {
    fs.mkdirSync(folder);
    fs.writeFileSync(`${folder}/${group.weight}`, group.most);
    fs.writeFileSync(`${folder}/cgroup.procs`, String(process.pid));
  } catch {
    fs.rmSync(folder, { recursive: true, force: true });
    return false;
  }
  process.once('exit', () => leave(group.parent, folder));
  return true;
}

/**
 * Where the kernel counts what this process, and all that it starts from now on, uses of the CPU: a file of nanoseconds, or undefined where it can't
 * be had (another kind of control group, no right to it).
 */
export function countOwnCpu(): string | undefined {
  const parent = '/sys/fs/cgroup/cpuacct';
  const folder = `${parent}/troncal-chaos-${process.pid}`;
  try {
    fs.mkdirSync(folder);
    fs.writeFileSync(`${folder}/cgroup.procs`, String(process.pid));
  } catch {
    return undefined;
  }
  process.once('exit', () => leave(parent, folder));
  return `${folder}/cpuacct.usage`;
}

function leave(parent: string, folder: string): void {
  try {
    fs.writeFileSync(`${parent}/cgroup.procs`, String(process.pid));
    fs.rmdirSync(folder);
  } catch {
    // Somebody whom we started is still in it; an empty group costs nothing.
  }
}

/** Of nice; the launcher's children begin at 0. */
const BEFORE_THE_OTHERS = -15;

/**
 * Puts processes, with all their threads, before the others of this run, as an exchange runs its Asterisk: an ear that is late, or a mixer that
 * waits for its turn, would look like a hole in the call. Not the real-time class: the kernel stops that for the rest of a second in which it
 * has used up its share, and that is a hole too. Needs the right to do so (root); false without.
 */
export function preferRealTime(pids: readonly number[]): boolean {
  try {
    for (const pid of pids) for (const thread of fs.readdirSync(`/proc/${pid}/task`)) os.setPriority(Number(thread), BEFORE_THE_OTHERS);
    return true;
  } catch {
    return false;
  }
}
