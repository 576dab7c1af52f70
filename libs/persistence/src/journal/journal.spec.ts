import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@troncal/observability';
import { programEnv, specProgram } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.js';

const silent = createLogger({ service: 'spec', level: 'silent' });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'troncal-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (of: string, name: string): string[] => (existsSync(join(of, name)) ? readFileSync(join(of, name), 'utf8').split('\n').filter(Boolean) : []);
const always = (): boolean => true;
const nothing = (): void => {};

async function opened(): Promise<Journal> {
  const journal = new Journal(join(folder, 'spec.journal'), silent);
  await journal.open();
  return journal;
}

async function drained(journal: Journal): Promise<unknown[]> {
  const seen: unknown[] = [];
  await journal.drain(async (entry) => void seen.push(entry), nothing);
  return seen;
}

describe.concurrent('a process killed at each label', () => {
  it.for(['journal.before-append', 'journal.after-append', 'journal.drained-one', 'journal.before-empty', 'journal.after-empty'])('%s: what was promised is stored, in order, and nothing is left', async (label, test) => {
    const own = mkdtempSync(join(tmpdir(), 'troncal-journal-'));
    test.onTestFinished(() => rmSync(own, { recursive: true, force: true }));
    const end = (count: string, env: Readonly<Record<string, string>> = {}): Promise<string | number | null> =>
      new Promise((resolve) => spawn(process.execPath, [specProgram('journal-child'), own, count], { env: { ...programEnv(), ...env }, stdio: 'inherit' }).once('exit', (code, signal) => resolve(signal ?? code)));
    const pass = label.endsWith('empty') ? '' : ':2';
    expect(await end('3', { CRASH_AT: `${label}${pass}` })).toBe('SIGKILL');
    expect(await end('1')).toBe(0);
    const stored = [...new Set(lines(own, 'stored'))];
    const promised = lines(own, 'promised');
    // What was written when the process died, without its promise having been told, may be there too; what was promised must be.
    expect(stored.filter((entry) => promised.includes(entry))).toEqual(promised);
    expect(readFileSync(join(own, 'spec.journal'), 'utf8')).toBe('');
  });
});

describe('a journal', () => {
  it('gives entries back in order, with those that come meanwhile, and then is empty', async () => {
    const journal = await opened();
    await journal.append(1, always);
    await journal.append(2, always);
    const seen: unknown[] = [];
    let emptied = 0;
    await journal.drain(
      async (entry) => {
        seen.push(entry);
        if (entry === 1) await journal.append(3, always);
      },
      () => (emptied += 1),
    );
    expect(seen).toEqual([1, 2, 3]);
    expect(emptied).toBe(1);
    expect(journal.depth).toBe(0);
    await journal.close();
  });

  it('keeps everything when storing fails, and begins at the first entry again', async () => {
    const journal = await opened();
    await journal.append(1, always);
    await journal.append(2, always);
    await expect(journal.drain(async (entry) => (entry === 2 ? Promise.reject(new Error('away')) : undefined), nothing)).rejects.toThrow('away');
    expect(await drained(journal)).toEqual([1, 2]);
    await journal.close();
  });

  it('drops a torn last line, which was promised to nobody, and goes on after it', async () => {
    const before = await opened();
    await before.append('whole', always);
    await before.close();
    appendFileSync(join(folder, 'spec.journal'), '{"to');
    const journal = await opened();
    await journal.append('next', always);
    expect(await drained(journal)).toEqual(['whole', 'next']);
    await journal.close();
  });

  it('sets a damaged line aside and loses nothing else', async () => {
    appendFileSync(join(folder, 'spec.journal'), '"a"\n%%%\n"b"\n');
    const journal = await opened();
    expect(await drained(journal)).toEqual(['a', 'b']);
    expect(lines(folder, 'spec.journal.unreadable')).toEqual(['%%%']);
    await journal.close();
  });

  it('takes nothing more once it was closed for entries', async () => {
    const journal = await opened();
    expect(await journal.append(1, () => false)).toBe(false);
    expect(await drained(journal)).toEqual([]);
    await journal.close();
  });
});
