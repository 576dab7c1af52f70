import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createServer } from 'node:net';

const live = new Set<ChildProcess>();
let guarded = false;

/**
 * A server program in a process group of its own, so that its children die with it. Whatever the test run started is killed
 * when the run's process exits.
 */
export function spawnServer(command: readonly string[], options: SpawnOptions): ChildProcess {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('No program given.');
  const child = spawn(program, args, { ...options, detached: true });
  live.add(child);
  child.once('exit', () => live.delete(child));
  if (!guarded) {
    guarded = true;
    process.once('exit', () => {
      for (const running of live) killGroup(running);
    });
  }
  return child;
}

/** kill -9 of the program and all it started; resolves when it's gone. */
export async function killServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  killGroup(child);
  await gone;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** A port that was free a moment ago on the loopback address. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port was given.'))));
    });
  });
}
