import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeTraversable, sweepTraversable, traversableDirFor } from './postgres.js';

const owner = path.join(os.tmpdir(), `troncal-owner-${process.pid}`);
const folder = traversableDirFor(owner);
afterEach(() => {
  for (const place of [folder, owner]) fs.rmSync(place, { recursive: true, force: true });
});

describe('the folder that everybody may enter', () => {
  it('goes when its owner is gone, and not before', () => {
    fs.mkdirSync(owner);
    makeTraversable(folder, owner);
    expect(fs.statSync(folder).mode & 0o777).toBe(0o755);
    sweepTraversable();
    expect(fs.existsSync(folder)).toBe(true);
    fs.rmdirSync(owner);
    sweepTraversable();
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('is refused when something else has its name', () => {
    fs.symlinkSync('/etc', folder);
    expect(() => makeTraversable(folder, owner)).toThrow(/not ours/);
    expect(fs.existsSync('/etc/owner')).toBe(false);
  });
});
