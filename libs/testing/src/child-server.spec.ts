import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { isRunning } from './process-tree.js';

// As it is compiled: a Node of its own finds no source behind `.js`.
const module = fileURLToPath(new URL('../dist/child-server.js', import.meta.url));

it.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('a server and its folder go when the test process is ended by %s', async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'troncal-child-'));
  const served = mkdtempSync(join(tmpdir(), 'troncal-served-'));
  try {
    const script = join(folder, 'tests.mts');
    writeFileSync(
      script,
      `import { spawnServer } from ${JSON.stringify(module)};
       const child = spawnServer(['/bin/sh', '-c', 'sleep 600 & wait'], { stdio: 'ignore', temporaryFolder: ${JSON.stringify(served)} });
       process.send?.(child.pid); setInterval(() => {}, 1000);`,
    );
    const tests = fork(script, { execArgv: ['--no-warnings'], stdio: 'ignore' });
    const pid = await new Promise<number>((resolve) => tests.once('message', (message) => resolve(Number(message))));
    expect(isRunning(pid)).toBe(true);
    tests.kill(signal);
    await eventually('the server is gone', () => !isRunning(pid));
    await eventually('its folder is gone', () => !existsSync(served));
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(served, { recursive: true, force: true });
  }
});
