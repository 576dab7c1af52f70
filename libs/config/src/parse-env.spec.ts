import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { argv, flag, list, port, secret, secretUrl, url, wholeNumber } from './env-fields.js';
import { ConfigError, parseEnv } from './parse-env.js';

const schema = z.object({
  HTTP_PORT: port(),
  NATS_URL: url(['nats', 'tls']),
  DATABASE_URL: secretUrl(['postgres', 'postgresql']),
  TOKEN: secret(8).max(64),
  OPTIONAL_SECRET: secret().optional(),
  WORKERS: wholeNumber(1, 64).default(4),
  DRY_RUN: flag().default(false),
  ORIGINS: list().default([]),
});
const good = { HTTP_PORT: '8080', NATS_URL: 'nats://localhost:4222', DATABASE_URL: 'postgres://u:hunter2@h/db', TOKEN: 'hunter2hunter2' };
const folder = mkdtempSync(join(tmpdir(), 'troncal-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(env: Record<string, string>): ConfigError {
  try {
    parseEnv(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('Expected a ConfigError.');
}

describe('argv', () => {
  const program = z.object({ SPEAK: argv() });

  it('is a JSON list, so that paths may have blanks', () => {
    expect(parseEnv(program, { SPEAK: '["/opt/my programs/espeak-ng","-q"]' })).toEqual({ SPEAK: ['/opt/my programs/espeak-ng', '-q'] });
  });

  it.each(['espeak-ng -q', '[]', '[""]', '[1]', '{}', '"espeak-ng"'])('is not %s', (given) => {
    expect(() => parseEnv(program, { SPEAK: given })).toThrow(expect.objectContaining({ faults: [expect.objectContaining({ where: 'SPEAK', message: expect.stringContaining('JSON list') as string })] }));
  });
});

describe('parseEnv', () => {
  it('reads, coerces and fills in', () => {
    expect(parseEnv(schema, { ...good, DRY_RUN: 'yes', ORIGINS: 'http://a, http://b,' })).toEqual({
      HTTP_PORT: 8080,
      NATS_URL: 'nats://localhost:4222',
      DATABASE_URL: 'postgres://u:hunter2@h/db',
      TOKEN: 'hunter2hunter2',
      WORKERS: 4,
      DRY_RUN: true,
      ORIGINS: ['http://a', 'http://b'],
    });
  });

  it('names every fault at once, with what was got and what is expected', () => {
    const error = faultsOf({ HTTP_PORT: 'http', NATS_URL: 'localhost', TOKEN: 'short', WORKERS: '0', DRY_RUN: 'perhaps' });
    expect(error.faults.map((fault) => fault.where)).toEqual(['HTTP_PORT', 'NATS_URL', 'DATABASE_URL', 'TOKEN', 'WORKERS', 'DRY_RUN']);
    expect(error.message).toContain('HTTP_PORT: got "http"; expected a port, 1 to 65535.');
    expect(error.message).toContain('NATS_URL: got "localhost"; expected an address nats:// or tls://.');
    expect(error.message).toContain('DATABASE_URL: not set (nor DATABASE_URL_FILE); expected an address postgres:// or postgresql://.');
    expect(error.message).toContain('WORKERS: got "0"; expected a whole number from 1 to 64.');
  });

  it('never prints a secret, not one with further checks either', () => {
    const error = faultsOf({ ...good, DATABASE_URL: 'mysql://u:hunter2@h', TOKEN: `hunter2${'x'.repeat(80)}` });
    expect(error.message).not.toContain('hunter2');
    expect(error.faults.map((fault) => fault.where)).toEqual(['DATABASE_URL', 'TOKEN']);
  });

  it('takes a set but empty variable for one not set', () => {
    expect(parseEnv(schema, { ...good, WORKERS: '', OPTIONAL_SECRET: '' }).WORKERS).toBe(4);
  });

  it('reads a secret from the file named by NAME_FILE', () => {
    const path = join(folder, 'token');
    writeFileSync(path, 'from-a-file\n');
    const { TOKEN: _, ...rest } = good;
    expect(parseEnv(schema, { ...rest, TOKEN_FILE: path }).TOKEN).toBe('from-a-file');
    expect(parseEnv(schema, { ...good, OPTIONAL_SECRET_FILE: path }).OPTIONAL_SECRET).toBe('from-a-file');
    expect(faultsOf({ ...rest, TOKEN_FILE: join(folder, 'absent') }).message).toMatch(/TOKEN: TOKEN_FILE can't be read: ENOENT/);
    expect(faultsOf({ ...good, TOKEN_FILE: path }).message).toContain('both TOKEN and TOKEN_FILE are set');
  });
});
