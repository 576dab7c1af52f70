import type { AddressInfo } from 'node:net';
import { eventually } from '@troncal/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { AriClient } from './index.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A peer that answers events' sockets, and every command with 426; `autoPong` false: pings are taken and not answered. */
async function peer(autoPong: boolean): Promise<{ readonly port: number; readonly commands: () => number }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong });
  let commands = 0;
  await new Promise((resolve) => server.once('listening', resolve));
  const http = (server as unknown as { _server: { on(event: 'request', listener: () => void): void } })._server;
  http.on('request', () => (commands += 1));
  closers.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, commands: () => commands };
}

async function client(port: number, freshMs: number, beforeDial?: () => Promise<void>): Promise<AriClient> {
  // No ping of its own within the test: what is proved is proved by the gate.
  const ari = new AriClient({ address: { host: '127.0.0.1', port, user: 'u', password: 'p' }, app: 'troncal', onFault: () => {}, pingEveryMs: 60_000, silenceMs: 60_000, commandDeadlineMs: 300, freshMs, ...(beforeDial && { beforeDial }) });
  closers.push(() => ari.close());
  ari.start();
  await eventually('it is connected', () => ari.state === 'connected');
  return ari;
}

describe('a guarded link', () => {
  it('lets commands through while its proof is fresh', async () => {
    const { port } = await peer(false);
    const ari = await client(port, 60_000);
    await expect(ari.asterisk.ping()).rejects.toMatchObject({ ariStatus: 426 });
  });

  it('asks for a new proof when the last one is old, and then lets them through', async () => {
    const { port } = await peer(true);
    const ari = await client(port, 0);
    await expect(ari.asterisk.ping()).rejects.toMatchObject({ ariStatus: 426 });
  });

  it('sends nothing when no proof can be had', async () => {
    const { port, commands } = await peer(false);
    const ari = await client(port, 0);
    await expect(ari.asterisk.ping()).rejects.toMatchObject({ code: 'ari_unreachable', said: expect.stringContaining('no sign of life') as string });
    expect(commands()).toBe(0);
  });

  it('sends nothing that waited for its connection while the process stood still', async () => {
    const { port, commands } = await peer(false);
    const ari = await client(port, 200);
    const asked = ari.asterisk.ping();
    // As a freeze does: the command has been let through, and its connection is made meanwhile.
    await Promise.resolve().then(() => {});
    const woken = performance.now() + 300;
    while (performance.now() < woken);
    await expect(asked).rejects.toMatchObject({ code: 'ari_unreachable', said: expect.stringContaining('no sign of life') as string });
    expect(commands()).toBe(0);
  });

  it('is dialled only when it may be', async () => {
    const { port } = await peer(true);
    let asked = 0;
    await client(port, 60_000, async () => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
    });
    expect(asked).toBe(3);
  });
});
