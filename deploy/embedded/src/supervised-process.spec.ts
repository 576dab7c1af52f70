import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi, type TestContext } from 'vitest';
import { ChildRegistry } from './child-registry.js';
import { SupervisedProcess, type ProcessSpec } from './supervised-process.js';

/** A process in a folder of its own, and what is told of it; stopped when the test is over. */
function supervise({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, spec: Partial<ProcessSpec> = {}, log?: Buffer): { child: SupervisedProcess; dir: string; starts: number[]; deaths: { how: string; retryInMs: number | null }[] } {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-child-'));
  if (log) fs.writeFileSync(path.join(dir, 'child.log'), log);
  const seen = { starts: [] as number[], deaths: [] as { how: string; retryInMs: number | null }[] };
  const whole: ProcessSpec = { name: 'child', command: ['sleep', '60'], env: { PATH: process.env['PATH'] }, cwd: dir, stopSignal: 'SIGTERM', stopWithinMs: 300, ...spec };
  const child = new SupervisedProcess(whole, dir, new ChildRegistry(path.join(dir, 'children.json')), {
    started: (_name, pid) => seen.starts.push(pid),
    died: (_name, how, retryInMs) => seen.deaths.push({ how, retryInMs }),
  });
  onTestFinished(async () => {
    await child.stop();
    fs.rmSync(dir, { recursive: true, force: true });
  });
  return { child, dir, ...seen };
}

const until = (check: () => boolean, withinMs = 10_000): Promise<true> => vi.waitUntil(check, { timeout: withinMs, interval: 20 });

// They mostly wait.
describe.concurrent('a supervised process', () => {
  it('is started again at once when killed', async (test) => {
    const seen = supervise(test);
    await seen.child.start();
    process.kill(seen.child.pid ?? 0, 'SIGKILL');
    await until(() => seen.starts.length === 2);
    expect(seen.deaths).toEqual([{ how: 'SIGKILL', retryInMs: 0 }]);
    expect(new Set(seen.starts).size).toBe(2);
  });

  it('that keeps dying is started ever more slowly', async (test) => {
    const seen = supervise(test, { command: ['false'] });
    await seen.child.start();
    await until(() => seen.deaths.length === 3);
    expect(seen.deaths.map(({ retryInMs }) => retryInMs)).toEqual([0, 250, 500]);
    expect(seen.child.failuresInARow).toBe(3);
  });

  it('that is held stays down when it dies, and is back once released', async (test) => {
    const seen = supervise(test);
    await seen.child.start();
    seen.child.hold();
    process.kill(seen.child.pid ?? 0, 'SIGKILL');
    await until(() => seen.deaths.length === 1);
    await sleep(100);
    expect(seen).toMatchObject({ starts: [expect.any(Number)], deaths: [{ how: 'SIGKILL', retryInMs: null }] });
    await seen.child.release();
    expect(seen.starts).toHaveLength(2);
  });

  it('says when its program listens, and lets nobody wait for one that never says so', async (test) => {
    const { child } = supervise(test, { command: [process.execPath, '-e', "setTimeout(() => process.send({ type: 'listening' }), 100); setInterval(() => {}, 1_000)"], ipc: {} });
    await child.start();
    // A wait that nothing ended would outlast the test.
    await child.listening(600_000);
    process.kill(child.pid ?? 0, 0);
    await child.listening(50);
    const gone = child.listening(600_000);
    child.hold();
    process.kill(child.pid ?? 0, 'SIGKILL');
    await gone;
    expect(child.pid).toBeNull();
  });

  it('that no longer answers is killed and replaced', async (test) => {
    const server = http.createServer((_, response) => response.end('alive'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const seen = supervise(test, { liveUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    await seen.child.start();
    await sleep(1_000);
    expect(seen.starts).toHaveLength(1);
    server.removeAllListeners('request');
    await until(() => seen.starts.length === 2, 20_000);
    expect(seen.deaths[0]?.how).toBe('SIGKILL');
    server.closeAllConnections();
    server.close();
  });

  it('that has answered nobody yet may take its time, though its port was refused before', async (test) => {
    const server = http.createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const seen = supervise(test, { liveUrl: `http://127.0.0.1:${port}/` });
    await seen.child.start();
    await sleep(600);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await sleep(4_000);
    expect(seen).toMatchObject({ starts: [expect.any(Number)], deaths: [] });
    server.closeAllConnections();
    server.close();
  });

  it('whose program is missing is reported, not thrown', async (test) => {
    const seen = supervise(test, { command: ['/no/such/program'], ipc: {} });
    await seen.child.start();
    await until(() => seen.deaths.length > 0);
    expect(seen.deaths[0]?.how).toContain('ENOENT');
  });

  it('stops when asked, by force if it must, and stays stopped', async (test) => {
    const seen = supervise(test, { command: ['sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done'] });
    await seen.child.start();
    await sleep(100);
    const began = Date.now();
    await seen.child.stop();
    expect(Date.now() - began).toBeGreaterThanOrEqual(290);
    await sleep(100);
    expect(seen).toMatchObject({ starts: [expect.any(Number)], deaths: [] });
    expect(JSON.parse(fs.readFileSync(path.join(seen.dir, 'children.json'), 'utf8'))).toEqual([]);
  });

  it('writes into a log of its own, which is set aside when it grows', async (test) => {
    const { child, dir } = supervise(test, { command: ['sh', '-c', 'echo hello; exec sleep 60'] }, Buffer.alloc(11 * 1024 * 1024));
    await child.start();
    await until(() => fs.readFileSync(path.join(dir, 'child.log'), 'utf8') === 'hello\n');
    expect(fs.statSync(path.join(dir, 'child.log.1')).size).toBeGreaterThan(10_000_000);
  });
});
