import { readFileSync } from 'node:fs';
import { mustDocker, runDocker } from '@troncal/images';
import { eventually } from '@troncal/testing';
import { describe, expect, it } from 'vitest';
import { IMAGES } from './container-lab.js';

const env = process.env;
const RIGHTS = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--network', 'none'];
// Nobody is there: services start without their database and their bus.
const SETTINGS = {
  API_KEYS_FILE: '/tmp/api-keys.json',
  DATABASE_URL: 'postgres://ticketing_app:none@127.0.0.1:1/troncal',
  NATS_URL: 'nats://127.0.0.1:1',
  NATS_USER: 'ticketing',
  NATS_PASSWORD: 'none',
};
const given = Object.entries(SETTINGS).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
const MAIN = 'services/ticketing/dist/main.js';

const exitOf = async (...args: string[]): Promise<{ code: number; output: string }> => {
  const id = await mustDocker(['create', ...RIGHTS, ...args], { env });
  try {
    const run = await runDocker(['start', '-a', id], { env });
    return { code: Number(await mustDocker(['inspect', id, '--format', '{{.State.ExitCode}}'], { env })), output: run.text };
  } finally {
    await runDocker(['rm', '-f', id], { env });
  }
};

describe('the image services', () => {
  it('ends with 78 (EX_CONFIG) and every fault of its settings at once', async () => {
    const { code, output } = await exitOf('-e', 'HTTP_PORT=none', IMAGES.services, MAIN);
    expect(code).toBe(78);
    for (const name of ['HTTP_PORT', 'DATABASE_URL', 'NATS_URL', 'API_KEYS_FILE']) expect(output).toContain(name);
  });

  it('runs on a read-only root without database and bus: alive, not ready, and 0 at SIGTERM', async () => {
    const start = `require('node:fs').writeFileSync('/tmp/api-keys.json', JSON.stringify({ keys: [{ id: 'a', sha256: '0'.repeat(64), tenant: '*', scopes: ['*'] }] })); process.argv[1] = '/app/${MAIN}'; import('/app/${MAIN}');`;
    const id = await mustDocker(['run', '-d', ...RIGHTS, ...given, IMAGES.services, '-e', start], { env });
    const ask = async (path: string): Promise<string> => (await runDocker(['exec', id, 'node', '-e', `fetch('http://127.0.0.1:8080${path}').then(async (a) => console.log(a.status, await a.text()), (e) => console.log(String(e)))`], { env })).text;
    try {
      await eventually('it is alive', async () => (await ask('/health/live')).startsWith('200'), 60_000);
      expect(await ask('/health/ready')).toMatch(/^503 /);
      await mustDocker(['stop', '-t', '20', id], { env });
      expect(await mustDocker(['inspect', id, '--format', '{{.State.ExitCode}}'], { env })).toBe('0');
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${(await runDocker(['logs', '--tail', '20', id], { env })).text}`, { cause: error });
    } finally {
      await runDocker(['rm', '-f', id], { env });
    }
  });

  it('holds what runs and nothing else: no root, no tools of development, no sources, no secret', async () => {
    const { packages } = JSON.parse(readFileSync(new URL('../../../../package-lock.json', import.meta.url), 'utf8')) as { packages: Record<string, { dev?: boolean }> };
    const development = Object.entries(packages).flatMap(([place, { dev }]) => (dev ? [place] : []));
    expect(development).toContain('node_modules/vitest');
    const look = `
      const fs = require('node:fs');
      const files = fs.readdirSync('/app', { recursive: true }).filter((file) => !file.includes('node_modules'));
      console.log(JSON.stringify({
        uid: process.getuid(),
        development: ${JSON.stringify(development)}.filter((place) => fs.existsSync('/app/' + place)),
        sources: files.filter((file) => /\\.(ts|map|md)$|\\.spec\\.|(^|\\/)(test|secrets)(\\/|$)/.test(file)),
        root: (() => { try { fs.writeFileSync('/app/x', ''); return 'writable'; } catch { return 'read-only'; } })(),
      }));`;
    const { code, output } = await exitOf(IMAGES.services, '-e', look);
    expect({ code, found: JSON.parse(output) as unknown }).toEqual({ code: 0, found: { uid: 10_001, development: [], sources: [], root: 'read-only' } });
    const history = await mustDocker(['history', '--no-trunc', '--format', '{{.CreatedBy}}', IMAGES.services], { env });
    expect(history).not.toMatch(/PASSWORD=|_KEY=|TOKEN=|authToken/i);
  });
});
