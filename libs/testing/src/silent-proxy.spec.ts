import { createConnection, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { startSilentProxy, type SilentProxy } from './silent-proxy.js';

let server: Server;
let proxy: SilentProxy;
let client: Socket;
let heard: string;
let answered: string;
let serverSide: Socket | undefined;
let gone: string[];

beforeEach(async () => {
  heard = answered = '';
  const told: string[] = [];
  gone = told;
  server = createServer((socket) => {
    serverSide = socket;
    socket.on('data', (chunk) => {
      heard += chunk.toString();
      socket.write(chunk.toString().toUpperCase());
    });
    socket.on('error', () => {});
    socket.on('close', () => told.push('server'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startSilentProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  client = createConnection({ host: '127.0.0.1', port: proxy.port });
  client.on('data', (chunk) => (answered += chunk.toString()));
  client.on('error', () => {});
  client.on('close', () => told.push('client'));
  client.write('a');
  await eventually('the first word is answered', () => answered === 'A');
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

/** A few turns of the event loop, in which loopback would have delivered long ago. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a silent proxy', () => {
  it('holds back what is sent, both ways, and delivers it when it speaks again', async () => {
    proxy.silence();
    client.write('b');
    await settled();
    expect({ heard, answered, gone }).toEqual({ heard: 'a', answered: 'A', gone: [] });
    proxy.speak();
    await eventually('all is there', () => heard === 'ab' && answered === 'AB');
  });

  it('can be silent one way only', async () => {
    proxy.silence('down');
    client.write('b');
    await eventually('the server hears', () => heard === 'ab');
    await settled();
    expect(answered).toBe('A');
    proxy.silence('up');
    await eventually('the answer that was held comes through', () => answered === 'AB');
    client.write('c');
    await settled();
    expect(heard).toBe('ab');
  });

  it('tells no end of the other one’s close until it speaks', async () => {
    proxy.silence();
    serverSide?.destroy();
    await eventually('the server has closed', () => gone.includes('server'));
    await settled();
    expect(gone).toEqual(['server']);
    proxy.speak();
    await eventually('the client learns of it', () => gone.includes('client'));
  });

  it('takes new connections into its silence', async () => {
    proxy.silence();
    const late = createConnection({ host: '127.0.0.1', port: proxy.port });
    await new Promise((resolve) => late.once('connect', resolve));
    late.write('late');
    await settled();
    expect(heard).toBe('a');
    late.destroy();
  });

  it('cuts loudly', async () => {
    proxy.cut();
    await eventually('both learn of it', () => gone.length === 2);
    expect(gone.toSorted()).toEqual(['client', 'server']);
  });
});
