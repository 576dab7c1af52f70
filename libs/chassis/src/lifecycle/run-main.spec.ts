import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiKeysFile, eventually, programEnv, specProgram } from '@troncal/testing';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'troncal-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Starts the process with neither PostgreSQL nor NATS about; it's killed when the test is over. */
function start({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, settings: Readonly<Record<string, string>> = {}): { readonly child: ChildProcess; readonly listening: Promise<string>; readonly ended: Promise<number | string | null>; readonly errors: () => string } {
  const env = {
    ...programEnv(),
    SPEC_MIGRATIONS: folder,
    DATABASE_URL: 'postgres://app:secret@127.0.0.1:1/troncal',
    NATS_URL: 'nats://127.0.0.1:1',
    NATS_USER: 'ticketing',
    NATS_PASSWORD: 'secret',
    HTTP_PORT: '0',
    API_KEYS_FILE: apiKeysFile(folder, new Map([['*', 'key']])),
    LOG_LEVEL: 'silent',
    ...settings,
  };
  const started = fork(specProgram('crash-child'), { silent: true, env });
  onTestFinished(() => void started.kill('SIGKILL'));
  let errors = '';
  started.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString()));
  return {
    child: started,
    listening: new Promise((resolve) => started.once('message', (message) => resolve((message as { url: string }).url))),
    ended: new Promise((resolve) => started.once('exit', (code, signal) => resolve(signal ?? code))),
    errors: () => errors,
  };
}

describe.concurrent('a service as a process', () => {
  it('tells its parent where it listens, though nothing around it is there', async (test) => {
    const { listening } = start(test);
    expect((await fetch(`${await listening}/health/live`)).status).toBe(200);
  });

  it.for(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s', async (signal, test) => {
    const { child: running, listening, ended } = start(test);
    await listening;
    running.kill(signal);
    expect(await ended).toBe(0);
  });

  it('ends when the parent that started it is gone', async (test) => {
    const { child: running, listening, ended } = start(test);
    await listening;
    running.disconnect();
    expect(await ended).toBe(0);
  });

  it('prints every wrong setting, no secret and no stack, and ends with 78', async (test) => {
    const { ended, errors } = start(test, { HTTP_PORT: 'x', DATABASE_URL: 'mysql://app:secret@h/d', NATS_URL: '' });
    expect(await ended).toBe(78);
    await eventually('it is printed', () => errors().includes('NATS_URL'));
    expect(errors()).toContain('3 wrong settings in the environment:');
    expect(errors()).not.toMatch(/secret@|\n\s+at /);
  });
});
