import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Asks Asterisk to take no new calls and to end with its last one (`core stop gracefully`), and waits until it has gone or the limit is over.
 * The caller then ends it by SIGTERM, which hangs up what is left.
 * @param remote argv of Asterisk's remote console up to `-rx`
 */
export async function drainEdge(remote: readonly string[], limitMs: number, everyMs = 1_000): Promise<'gone' | 'limit'> {
  const deadline = Date.now() + limitMs;
  // Doesn't return while it waits for calls in some releases; what it says is of no interest.
  const asked = ask(remote, 'core stop gracefully').catch(() => '');
  await Promise.race([asked, sleep(everyMs)]);
  while (Date.now() < deadline) {
    const alive = await ask(remote, 'core show channels count').then(
      () => true,
      () => false,
    );
    if (!alive) return 'gone';
    await sleep(Math.min(everyMs, Math.max(0, deadline - Date.now())));
  }
  return 'limit';
}

async function ask([program = '', ...args]: readonly string[], command: string): Promise<string> {
  return (await run(program, [...args, command], { timeout: 5_000 })).stdout;
}
