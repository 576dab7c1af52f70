import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withCacheLock } from './cache-lock.js';
import { cacheDirOf, cachedOrMade, cachedPart } from './part-cache.js';
import { identifyProcess } from './process-identity.js';

let dir: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-cache-'));
});
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

describe('the cache folder', () => {
  it('is named by option, TRONCAL_CACHE, XDG_CACHE_HOME or HOME, in that order', () => {
    const env = { TRONCAL_CACHE: '/t', XDG_CACHE_HOME: '/x', HOME: '/h' };
    expect(cacheDirOf({ cacheDir: '/o', env })).toBe('/o');
    expect(cacheDirOf({ env })).toBe('/t');
    expect(cacheDirOf({ env: { ...env, TRONCAL_CACHE: '' } })).toBe('/x/troncal');
    expect(cacheDirOf({ env: { HOME: '/h', XDG_CACHE_HOME: 'relative' } })).toBe('/h/.cache/troncal');
  });
});

describe('a cached part', () => {
  const facts = { version: '1.0', origin: 'here' };

  it('is made once and found afterwards', async () => {
    let made = 0;
    const make = async (draft: string): Promise<typeof facts> => {
      made += 1;
      fs.writeFileSync(path.join(draft, 'program'), 'x');
      return facts;
    };
    const both = await Promise.all([cachedOrMade(dir, 'k', make), cachedOrMade(dir, 'k', make)]);
    expect(made).toBe(1);
    expect(both.filter((one) => one.made)).toHaveLength(1);
    expect(fs.readFileSync(path.join(both[0].root, 'program'), 'utf8')).toBe('x');
  });

  it('is not there after a failure, and the next attempt starts afresh', async () => {
    await expect(cachedOrMade(dir, 'k', () => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
    expect(cachedPart(dir, 'k')).toBeNull();
    expect(fs.readdirSync(path.join(dir, 'drafts'))).toEqual([]);
    expect((await cachedOrMade(dir, 'k', async () => facts)).made).toBe(true);
  });

  it('sweeps the drafts of killed processes and leaves those of live ones', async () => {
    const mine = identifyProcess(process.pid);
    const live = path.join(dir, 'drafts', `other.${process.pid}@${mine?.startedAt ?? ''}.aa`);
    const dead = path.join(dir, 'drafts', `other.${process.pid}@00000000-1.bb`);
    for (const folder of [live, dead]) fs.mkdirSync(folder, { recursive: true });
    await cachedOrMade(dir, 'k', async () => facts);
    expect(fs.existsSync(live)).toBe(true);
    expect(fs.existsSync(dead)).toBe(false);
  });
});

describe('the lock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withCacheLock(path.join(dir, 'l'), work)));
    expect(most).toBe(1);
    expect(fs.readdirSync(dir)).toEqual([]);
  });

  it('of a killed process is taken over at once', async () => {
    const child = spawn('sleep', ['60']);
    const identity = identifyProcess(child.pid ?? 0);
    fs.writeFileSync(path.join(dir, 'l'), JSON.stringify(identity));
    await expect(withCacheLock(path.join(dir, 'l'), async () => 'in', { timeoutMs: 50 })).rejects.toThrow(String(child.pid));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(await withCacheLock(path.join(dir, 'l'), async () => 'in', { timeoutMs: 50 })).toBe('in');
  });

  it('with damaged content is taken over', async () => {
    fs.writeFileSync(path.join(dir, 'l'), '{"pid"');
    expect(await withCacheLock(path.join(dir, 'l'), async () => 'in')).toBe('in');
  });
});
