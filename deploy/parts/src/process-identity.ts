import fs from 'node:fs';

/**
 * A process told apart from a later one with the same pid: Linux reuses pids, so a pid alone must never be signalled
 * or trusted after a restart of the machine.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** `starttime` of /proc/<pid>/stat (clock ticks since boot) and the boot's id, as one opaque string. */
  readonly startedAt: string;
}

/** Reads the identity of a live process; null when it is gone, a zombie, or there is no /proc. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in parentheses and may itself hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    return { pid, startedAt: `${boot}-${fields[19] ?? ''}` };
  } catch {
    return null;
  }
}

/** Whether exactly this process still runs. */
export function isSameProcessAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startedAt === identity.startedAt;
}
