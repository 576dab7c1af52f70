import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChildRegistry } from './child-registry.js';
import { AlreadyRunningError, claimState, runningLauncher } from './launcher-lock.js';
import { renderNatsConf } from './nats-server.js';
import { removeStalePidFile } from './postgres-server.js';
import { resetState } from './reset.js';
import { openSecrets } from './secrets.js';
import { makeStateDirs, stateLayout, type StateLayout } from './state-layout.js';

let dir: string;
let layout: StateLayout;
beforeEach(() => {
  dir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-state-')), 'state');
  layout = stateLayout(dir);
  makeStateDirs(layout);
});
afterEach(() => {
  for (const folder of [path.dirname(dir), layout.traversableDir]) if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

describe('secrets', () => {
  it('are made once, in files that only the owner reads', () => {
    const first = openSecrets(layout).of('nats.observer');
    expect(first).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(openSecrets(layout).of('nats.observer')).toBe(first);
    for (const file of [layout.secretsFile, layout.adminKeyFile, layout.apiKeysFile, layout.credentialsKeyFile]) expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('hold the API key\'s hash apart from the key', () => {
    openSecrets(layout);
    const key = fs.readFileSync(layout.adminKeyFile, 'utf8').trim();
    const [stored] = (JSON.parse(fs.readFileSync(layout.apiKeysFile, 'utf8')) as { keys: { sha256: string }[] }).keys;
    expect(stored?.sha256).toBe(createHash('sha256').update(key).digest('hex'));
    expect(fs.readFileSync(layout.apiKeysFile, 'utf8')).not.toContain(key);
  });

  it('that are damaged are told, not replaced: the data depend on them', () => {
    fs.writeFileSync(layout.secretsFile, '{"a":');
    expect(() => openSecrets(layout)).toThrow(/damaged.*reset/);
  });
});

describe('the claim on a state folder', () => {
  it('is exclusive while its process lives', () => {
    const claim = claimState(layout.lockFile);
    expect(() => claimState(layout.lockFile)).toThrow(AlreadyRunningError);
    claim.release();
    claimState(layout.lockFile).release();
  });

  it('of a dead process, or of another with its pid, is taken over', () => {
    fs.writeFileSync(layout.lockFile, JSON.stringify({ pid: process.pid, startedAt: 'another-boot-1' }));
    expect(runningLauncher(layout.lockFile)).toBeNull();
    claimState(layout.lockFile).release();
  });
});

describe('leftovers of an unclean death', () => {
  it('are stopped, and a process that merely got the pid is not touched', async () => {
    const ours = spawn('sleep', ['60']);
    const stranger = spawn('sleep', ['60']);
    new ChildRegistry(layout.childrenFile).add('ours', ours.pid ?? 0, 'SIGTERM');
    const written = JSON.parse(fs.readFileSync(layout.childrenFile, 'utf8')) as object[];
    fs.writeFileSync(layout.childrenFile, JSON.stringify([...written, { name: 'reused', pid: stranger.pid, startedAt: 'before-1', stopSignal: 'SIGTERM' }]));
    const ended = new Promise((resolve) => ours.once('exit', resolve));
    expect(await new ChildRegistry(layout.childrenFile).stopLeftovers()).toEqual(['ours']);
    await ended;
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    stranger.kill();
  });

  it('include a lock file of PostgreSQL whose pid is now another program\'s', () => {
    const file = path.join(dir, 'postmaster.pid');
    fs.writeFileSync(file, `${process.pid}\n${dir}\n`);
    removeStalePidFile(dir);
    expect(fs.existsSync(file)).toBe(false);
  });
});

describe('reset', () => {
  it('forgets everything', async () => {
    openSecrets(layout);
    await resetState(dir);
    expect(fs.existsSync(dir)).toBe(false);
    expect(fs.existsSync(layout.postgresDataDir)).toBe(false);
  });

  it('refuses while a launcher runs', async () => {
    const claim = claimState(layout.lockFile);
    await expect(resetState(dir)).rejects.toThrow(AlreadyRunningError);
    claim.release();
  });

  it('does not touch a folder that is none of ours', async () => {
    const other = path.join(path.dirname(dir), 'photos');
    fs.mkdirSync(other);
    fs.writeFileSync(path.join(other, 'one.jpg'), 'x');
    await expect(resetState(other)).rejects.toThrow(/not touched/);
    expect(fs.existsSync(path.join(other, 'one.jpg'))).toBe(true);
  });
});

describe('a state folder', () => {
  it('that was deleted by hand takes its database along', () => {
    fs.mkdirSync(layout.postgresDataDir, { recursive: true });
    fs.rmSync(dir, { recursive: true });
    makeStateDirs(layout);
    expect(fs.existsSync(layout.postgresDataDir)).toBe(false);
  });

  it('with blanks in its path is reached by Asterisk through a link without any', () => {
    const odd = stateLayout(path.join(path.dirname(dir), 'my clone', 'state'));
    makeStateDirs(odd);
    expect(odd.asteriskDir).not.toMatch(/\s/);
    expect(fs.existsSync(path.join(odd.stateDir, 'asterisk'))).toBe(true);
    fs.rmSync(odd.traversableDir ?? '', { recursive: true, force: true });
  });
});

describe('the NATS configuration', () => {
  it('gives every service its own user and forbids what the catalogue doesn\'t allow', () => {
    const conf = JSON.parse(renderNatsConf({ part: { name: 'nats', version: '2.10.0', source: '', root: '', command: [] }, natsDir: '/n', port: 1, secrets: { of: (name) => `pw-${name}` } })) as {
      jetstream: { sync_interval: string };
      authorization: { users: { user: string; password: string; permissions: { publish: { allow?: string[]; deny?: string[] } } }[] };
    };
    expect(conf.jetstream.sync_interval).toBe('always');
    const { users } = conf.authorization;
    expect(users.map(({ user }) => user)).toEqual(['provisioning', 'ari-gateway', 'realtime-voice', 'collections-dialer', 'ticketing', 'pbx-adapters', 'observer']);
    expect(new Set(users.map(({ password }) => password)).size).toBe(users.length);
    for (const { permissions } of users) {
      expect(permissions.publish.allow ?? permissions.publish.deny).not.toHaveLength(0);
      expect(permissions.publish.allow ?? []).not.toContain('>');
    }
    expect(users.at(-1)?.permissions.publish.allow?.some((subject) => subject.startsWith('evt.'))).toBe(false);
  });
});
