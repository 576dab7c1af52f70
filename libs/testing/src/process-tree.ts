import { readdirSync, readFileSync } from 'node:fs';

/** A process and its living descendants, also those with a session of their own (PostgreSQL's are). Linux. */
export function treeOf(pid: number): number[] {
  const children = Map.groupBy(processes(), ({ parent }) => parent);
  const within = (one: number): number[] => [one, ...(children.get(one) ?? []).flatMap((child) => within(child.pid))];
  return within(pid);
}

/** The process whose command line holds this text. @throws when there is none */
export function pidByCommand(text: string): number {
  const found = processes().find(({ pid }) => pid !== process.pid && textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').includes(text));
  if (!found) throw new Error(`no process has ${text} in its command line`);
  return found.pid;
}

/** False for one that is gone, and for a zombie: in a container the first process may never collect it. */
export function isRunning(pid: number): boolean {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

function processes(): { readonly pid: number; readonly parent: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = textOf(`/proc/${name}/stat`);
    // It may have ended since it was listed.
    return stat === '' ? [] : [{ pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) }];
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
