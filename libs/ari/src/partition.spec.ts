import net from 'node:net';
import { eventually } from '@troncal/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { AriClient, type AriFault } from './index.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const stamp = { application: 'troncal', timestamp: '2026-01-01T00:00:00.000+0000' };
const dtmf = JSON.stringify({ type: 'ChannelDtmfReceived', digit: '1', duration_ms: 1, channel: { id: 'c' }, ...stamp });

async function server(onSocket: (socket: WebSocket) => void, autoPong = true): Promise<number> {
  const http = new WebSocketServer({ host: '127.0.0.1', port: 0, autoPong });
  http.on('connection', onSocket);
  closers.push(() => {
    for (const socket of http.clients) socket.terminate();
    http.close();
  });
  await new Promise((resolve) => http.once('listening', resolve));
  return (http.address() as net.AddressInfo).port;
}

function clientOf(port: number, faults: AriFault[]): AriClient {
  const client = new AriClient({ address: { host: '127.0.0.1', port, user: 'u', password: 'p' }, app: 'troncal', onFault: (fault) => faults.push(fault), pingEveryMs: 50, silenceMs: 150 });
  closers.push(() => client.close());
  return client;
}

describe('an ARI client and a peer that misbehaves', () => {
  it('reports junk and a listener that throws, and goes on', async () => {
    const port = await server((socket) => {
      socket.send('junk');
      socket.send(Buffer.from([0xff, 0xfe, 0x00]));
      socket.send(JSON.stringify({ type: 'StasisStart' }));
      socket.send(dtmf);
      socket.send(dtmf);
    });
    const faults: AriFault[] = [];
    const client = clientOf(port, faults);
    let heard = 0;
    client.on('ChannelDtmfReceived', () => {
      throw new Error('on purpose');
    });
    client.on('ChannelDtmfReceived', async () => {
      await Promise.resolve();
      throw new Error('later');
    });
    client.on('ChannelDtmfReceived', () => {
      heard += 1;
    });
    client.start();
    await eventually('both digits', () => heard === 2 && faults.filter((fault) => fault.kind === 'listener').length === 4);
    expect(faults.filter((fault) => fault.kind === 'bad-event')).toHaveLength(3);
    expect(client.state).toBe('connected');
  });

  it('notices a peer that went silent without closing, and dials again', async () => {
    let connections = 0;
    // Never answers a ping: as if the cable were out.
    const port = await server(() => (connections += 1), false);
    const faults: AriFault[] = [];
    const client = clientOf(port, faults);
    client.start();
    await eventually('a second attempt', () => connections >= 2);
    expect(faults[0]?.message).toMatch(/no sign of life for \d+ ms/);
  });

  it('notices a peer that speaks and does not hear, and dials again', async () => {
    let connections = 0;
    const port = await server((socket) => {
      connections += 1;
      const speaking = setInterval(() => socket.send(dtmf), 20);
      socket.on('close', () => clearInterval(speaking));
    }, false);
    const faults: AriFault[] = [];
    clientOf(port, faults).start();
    await eventually('a second attempt', () => connections >= 2);
    expect(faults[0]?.message).toMatch(/no answer for \d+ ms, though it speaks/);
  });

  it('stays connected to a peer that only answers pings', async () => {
    const port = await server(() => {});
    const faults: AriFault[] = [];
    const client = clientOf(port, faults);
    client.start();
    await client.connected();
    let pongs = 0;
    const stop = setInterval(() => (pongs += 1), 50);
    await eventually('several silences would have passed', () => pongs >= 12);
    clearInterval(stop);
    expect(client.state).toBe('connected');
    expect(faults).toEqual([]);
  });

  it('gives a command its deadline when the answer never comes', async () => {
    const sink = net.createServer(() => {});
    await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
    closers.push(() => sink.close());
    const address = { host: '127.0.0.1', port: (sink.address() as net.AddressInfo).port, user: 'u', password: 'p' };
    const client = new AriClient({ address, app: 'troncal', onFault: () => {}, commandDeadlineMs: 100 });
    closers.push(() => client.close());
    await expect(client.channels.list()).rejects.toMatchObject({ code: 'ari_unreachable', said: 'no answer within 100 ms', operation: 'channels.list' });
  });

  it('leaves no timer and no socket behind when closed', async () => {
    const port = await server(() => {});
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const client = clientOf(port, []);
    client.start();
    await client.connected();
    void client.whenChannelEnters('never', 60_000).catch(() => {});
    client.close();
    await eventually('the timers are gone', () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length <= before + 1);
    expect(client.state).toBe('closed');
  });
});
