import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePorts, PORT_NAMES, RTP_PORTS, type PortWishes } from './ports.js';

const wishes: PortWishes = { httpPort: null, sipPort: null, sipBind: '127.0.0.1', ephemeralPorts: true, edges: 1, gateways: 1 };
const servers: net.Server[] = [];
let dir: string;
let file: string;
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'troncal-ports-'));
  file = path.join(dir, 'ports.json');
});
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  fs.rmSync(dir, { recursive: true, force: true });
});

function occupy(port: number): Promise<number> {
  const server = net.createServer();
  servers.push(server);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port)));
}

describe('the ports', () => {
  it('are all different, and below what the kernel gives to outgoing connections', async () => {
    const ports = await choosePorts(wishes, file);
    expect(new Set(Object.values(ports)).size).toBe(PORT_NAMES.length);
    for (const port of Object.values(ports)) expect(port).toBeLessThan(32_768);
    expect(ports.rtp % RTP_PORTS).toBe(10_000 % RTP_PORTS);
  });

  it('are the same at the next start, but for one that is taken meanwhile', async () => {
    const first = await choosePorts(wishes, file);
    expect(await choosePorts(wishes, file)).toEqual(first);
    await occupy(first.nats);
    const third = await choosePorts(wishes, file);
    expect(third.nats).not.toBe(first.nats);
    expect({ ...third, nats: 0 }).toEqual({ ...first, nats: 0 });
  });

  it('given exactly are taken exactly, or refused', async () => {
    const port = await occupy(0);
    await expect(choosePorts({ ...wishes, httpPort: port }, file)).rejects.toThrow(`TRONCAL_HTTP_PORT is ${port}, but that port of 127.0.0.1 is taken`);
    const other = (await choosePorts(wishes, file)).http;
    expect((await choosePorts({ ...wishes, httpPort: other }, file)).http).toBe(other);
  });

  it('survive a damaged memory', async () => {
    fs.writeFileSync(file, '{"nats":');
    expect((await choosePorts(wishes, file)).nats).toBeGreaterThan(1024);
  });
});
