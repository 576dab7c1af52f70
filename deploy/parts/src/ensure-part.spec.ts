import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePart } from './ensure-part.js';
import { PartUnavailableError } from './part.js';
import { runProgram } from './run-program.js';

/** The machine's shared cache is used on purpose: fetching is what `npm start` just did, or does here once. */
describe('the real programs', () => {
  it('postgres runs', async () => {
    const part = await ensurePart('postgres');
    expect(part.version).toMatch(/^18\./);
    for (const program of ['initdb', 'pg_ctl', 'postgres']) expect(fs.existsSync(path.join(part.binDir, program))).toBe(true);
  }, 60_000);

  it('nats-server runs', async () => {
    const { stdout } = await runProgram([...(await ensurePart('nats')).command, '--version']);
    expect(stdout).toMatch(/nats-server: v2\./);
  }, 300_000);

  it('Asterisk 22 runs, with the modules of the edge', async () => {
    const part = await ensurePart('asterisk');
    expect((await runProgram([...part.command, '-V'])).stdout).toMatch(/Asterisk 22\./);
    for (const module of ['chan_pjsip', 'chan_websocket', 'app_queue', 'res_ari', 'res_config_pgsql', 'res_musiconhold', 'app_mixmonitor']) expect(part.modules).toContain(`${module}.so`);
    expect(fs.readdirSync(part.mohDir ?? '').length).toBeGreaterThan(0);
  }, 600_000);

  it('espeak-ng speaks Spanish', async () => {
    const part = await ensurePart('espeak');
    const file = path.join(os.tmpdir(), `troncal-espeak-${process.pid}.wav`);
    await runProgram([...part.command, '-v', 'es', '-w', file, 'buenos días']);
    expect(fs.statSync(file).size).toBeGreaterThan(10_000);
    fs.rmSync(file);
  }, 300_000);

  it('baresip and SIPp run', async () => {
    expect((await ensurePart('baresip')).version).toMatch(/^\d/);
    expect((await ensurePart('sipp')).version).toMatch(/^3\./);
  }, 300_000);
});

describe('a part that can\'t be had', () => {
  let dir: string;
  beforeAll(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-parts-'));
  });
  afterAll(() => fs.rmSync(dir, { recursive: true, force: true }));

  it('is an error that says what to set', async () => {
    const env = { TRONCAL_DEBIAN_ARCHIVE: 'http://127.0.0.1:9/debian', PATH: '' };
    const failure = await ensurePart('nats', { cacheDir: dir, env }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartUnavailableError);
    expect((failure as PartUnavailableError).remedy).toContain('TRONCAL_NATS_SERVER');
  }, 60_000);

  it('with no keyring is refused, never fetched unsigned', async () => {
    const env = { TRONCAL_DEBIAN_ARCHIVE: 'http://127.0.0.1:9/debian', TRONCAL_DEBIAN_KEYRING: path.join(dir, 'none.gpg'), PATH: '' };
    await expect(ensurePart('nats', { cacheDir: dir, env })).rejects.toThrow(/TRONCAL_DEBIAN_KEYRING/);
  });

  it('given by name must be new enough', async () => {
    const old = path.join(dir, 'nats-server');
    fs.writeFileSync(old, '#!/bin/sh\necho nats-server: v2.9.10\n', { mode: 0o755 });
    await expect(ensurePart('nats', { cacheDir: dir, env: { TRONCAL_NATS_SERVER: old } })).rejects.toThrow(/2\.9\.10.*2\.10/);
  });
});
