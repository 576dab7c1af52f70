import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const module = fileURLToPath(new URL('./crash-point.ts', import.meta.url));

/** Passes the labels a, b, a in a process of its own, printing after each. */
function run(crashAt: string | undefined): Promise<{ readonly signal: string | null; readonly printed: string; readonly error: string }> {
  const { CRASH_AT: _, ...env } = process.env;
  const script = `import { crashPoint } from ${JSON.stringify(module)}; import { writeSync } from 'node:fs';
    for (const label of ['a', 'b', 'a']) { crashPoint(label); writeSync(1, label); }`;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['--input-type=module', '--no-warnings', '--eval', script], { env: crashAt === undefined ? env : { ...env, CRASH_AT: crashAt } }, (_error, printed, error) => resolve({ signal: child.signalCode, printed, error }));
  });
}

describe.concurrent('crashPoint', () => {
  it('does nothing unless told', async () => {
    expect(await run(undefined)).toMatchObject({ signal: null, printed: 'aba' });
    expect(await run('c')).toMatchObject({ signal: null, printed: 'aba' });
  });

  it('kills the process at its label', async () => {
    expect(await run('a')).toMatchObject({ signal: 'SIGKILL', printed: '' });
    expect(await run('b')).toMatchObject({ signal: 'SIGKILL', printed: 'a' });
  });

  it('counts the passes', async () => {
    expect(await run('a:2')).toMatchObject({ signal: 'SIGKILL', printed: 'ab' });
    expect(await run('a:3')).toMatchObject({ signal: null, printed: 'aba' });
  });

  it('refuses an order it can not read', async () => {
    expect((await run('a:0')).error).toContain('expected label or label:n');
  });
});
