import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEngine, NoEngineError } from './engine.js';

describe('without a Docker engine', () => {
  it('is told what is missing and how to get one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-engine-'));
    try {
      const found = findEngine({ PATH: process.env['PATH'], DOCKER_HOST: `unix://${folder}/nobody.sock` }, false, folder);
      await expect(found).rejects.toBeInstanceOf(NoEngineError);
      await expect(found).rejects.toThrow(/No Docker engine answers[^]*DOCKER_HOST[^]*apt-get install[^]*--private-engine/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is told so as well where no dockerd can be started', async () => {
    await expect(findEngine({ PATH: '/nowhere' }, true, '/nowhere')).rejects.toThrow(/needs root|no dockerd/);
  });
});
