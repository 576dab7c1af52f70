import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createLogger } from '@troncal/observability';
import { eventually } from '@troncal/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamPass } from './stream-pass.js';

/** A replica of realtime-voice as a stream sees it. */
class Replica {
  readonly handshakes: IncomingMessage[] = [];
  readonly streams: Duplex[] = [];
  /** What came after a handshake that was not taken. */
  after = '';
  answer = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
  taken: (stream: Duplex) => void = (stream) => stream.on('data', (piece: Buffer) => stream.write(`echo ${piece.toString()}`));
  readonly server: Server = createServer((_, response) => response.end('{}'));
  origin = '';

  async start(): Promise<this> {
    this.server.on('upgrade', (request: IncomingMessage, stream: Duplex) => {
      this.handshakes.push(request);
      this.streams.push(stream);
      stream.on('error', () => {});
      stream.on('end', () => stream.end());
      stream.write(this.answer);
      if (this.answer.includes(' 101 ')) this.taken(stream);
      else stream.on('data', (piece: Buffer) => (this.after += piece.toString()));
      if (this.answer.includes(' 503 ')) stream.end();
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    for (const stream of this.streams) stream.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A client that writes what it is told and keeps what it hears. */
class Client {
  heard = Buffer.alloc(0);
  readonly closed: Promise<void>;
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (piece: Buffer) => (this.heard = Buffer.concat([this.heard, piece])));
    this.socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  get text(): string {
    return this.heard.toString('latin1');
  }

  async status(): Promise<number> {
    return eventually('an answer', () => Number(/^HTTP\/1\.1 (\d+) /.exec(this.text)?.[1]) || undefined);
  }
}

const HANDSHAKE = ['GET /media/twilio?a=%7e+b HTTP/1.1', 'Host: troncal.example', 'upgrade: WebSocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13', 'X-Twilio-Signature: AbC/+0='];

let replicas: Replica[];
let door: Server;
let pass: StreamPass;
let clients: Client[];
/** The front door's ends of its clients. */
let accepted: Socket[];

async function openDoor(origins: readonly string[], limit?: number): Promise<void> {
  const [first, ...others] = origins;
  pass = new StreamPass(first === undefined ? {} : { 'realtime-voice': [first, ...others] }, createLogger({ service: 'front-door', level: 'silent' }), limit);
  door = createServer((_, response) => response.writeHead(401).end());
  accepted = [];
  door.on('connection', (socket: Socket) => accepted.push(socket));
  pass.serve(door);
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
}

function client(lines: readonly string[] = HANDSHAKE, more = ''): Client {
  const made = new Client((door.address() as AddressInfo).port);
  made.socket.write(`${lines.join('\r\n')}\r\n\r\n${more}`, 'latin1');
  clients.push(made);
  return made;
}

beforeEach(async () => {
  clients = [];
  replicas = await Promise.all([new Replica().start(), new Replica().start()]);
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  pass.close();
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
  await Promise.all(replicas.map((replica) => replica.stop()));
});

describe('streams through the front door', () => {
  it('are given to the service as they came, and then carry bytes both ways', async () => {
    await openDoor([replicas[0]!.origin]);
    const one = client(HANDSHAKE, 'early');
    expect(await one.status()).toBe(101);
    await eventually('the early bytes', () => one.text.endsWith('echo early'));
    one.socket.write('later');
    await eventually('the later ones', () => one.text.endsWith('echo later'));
    const [seen] = replicas[0]!.handshakes;
    expect([`GET ${seen!.url} HTTP/1.1`, ...seen!.rawHeaders.flatMap((text, at, all) => (at % 2 === 0 ? [`${text}: ${all[at + 1]}`] : []))]).toEqual(HANDSHAKE);
  });

  it.each([
    ['another path', HANDSHAKE.map((line) => line.replace('/media/twilio', '/media'))],
    ['another protocol', HANDSHAKE.map((line) => line.replace('WebSocket', 'h2c'))],
    ['another method', HANDSHAKE.map((line) => line.replace('GET', 'POST'))],
  ])('are nothing but WebSockets: %s stays a request like any other', async (_, lines) => {
    await openDoor([replicas[0]!.origin]);
    expect(await client(lines).status()).toBe(401);
    expect(replicas[0]!.handshakes).toEqual([]);
  });

  it('go to the replicas in turn, and past one that is gone, that has no room, or that is frozen', async () => {
    await openDoor(replicas.map(({ origin }) => origin));
    for (let n = 0; n < 4; n += 1) expect(await client().status()).toBe(101);
    expect(replicas.map(({ handshakes }) => handshakes.length)).toEqual([2, 2]);
    replicas[0]!.answer = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n';
    for (let n = 0; n < 2; n += 1) expect(await client().status()).toBe(101);
    // Says nothing at all: as a process that is stopped.
    replicas[0]!.answer = '';
    for (let n = 0; n < 2; n += 1) expect(await client().status()).toBe(101);
    await replicas[0]!.stop();
    for (let n = 0; n < 2; n += 1) expect(await client().status()).toBe(101);
    expect(replicas[1]!.handshakes).toHaveLength(8);
    expect(pass.size).toBe(10 - 2);
  });

  it('are refused when nobody takes them', async () => {
    await openDoor([]);
    expect(await client().status()).toBe(503);
    await client().closed;
  });

  it('are refused beyond the limit, and let in when others have gone', async () => {
    await openDoor([replicas[0]!.origin], 1);
    const first = client();
    expect(await first.status()).toBe(101);
    expect(await client().status()).toBe(503);
    first.socket.destroy();
    await eventually('room', () => pass.size === 0);
    expect(await client().status()).toBe(101);
  });

  it('hide no second request: nothing goes on until the service has taken the upgrade', async () => {
    replicas[0]!.answer = 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n';
    await openDoor([replicas[0]!.origin]);
    const one = client(HANDSHAKE, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await one.status()).toBe(404);
    one.socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await one.closed;
    expect(one.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(replicas[0]!.after).toBe('');
  });

  it('end together, whoever ends', async () => {
    await openDoor([replicas[0]!.origin]);
    const [one, two, three] = [client(), client(), client()];
    for (const each of [one, two, three]) expect(await each.status()).toBe(101);
    one.socket.destroy();
    await eventually('the service’s end of it', () => replicas[0]!.streams.filter((stream) => stream.destroyed).length === 1);
    replicas[0]!.streams.find((stream) => !stream.destroyed)!.destroy();
    await Promise.race([two.closed, three.closed]);
    await eventually('one is left', () => pass.size === 1);
    pass.close();
    await Promise.all([two.closed, three.closed]);
    expect(await client().status()).toBe(503);
  });

  it('slow down who writes when nobody reads, and lose nothing', async () => {
    // More than the kernels of both connections hold (33 MB and 4 MB each, Linux's default).
    const whole = Buffer.alloc(96 * 1024 * 1024, 'abcdefghij');
    replicas[0]!.taken = (stream) => void stream.write(whole);
    await openDoor([replicas[0]!.origin]);
    const one = client();
    one.socket.pause();
    const stream = await eventually('the stream', () => replicas[0]!.streams[0] as Socket | undefined);
    // The door's end of the client has as much as it takes, and the service has to wait.
    await eventually('it stands still', () => accepted[0]!.writableNeedDrain && stream.writableLength > 0);
    expect(accepted[0]!.writableLength).toBeLessThan(1024 * 1024);
    const hash = createHash('sha256').update(one.heard.subarray(bodyAt(one.heard)));
    let bytes = one.heard.length - bodyAt(one.heard);
    one.socket.removeAllListeners('data').on('data', (piece: Buffer) => {
      const from = bytes === 0 ? bodyAt(piece) : 0;
      hash.update(piece.subarray(from));
      bytes += piece.length - from;
    });
    one.socket.resume();
    await eventually('all of it', () => bytes === whole.length, 20_000);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(whole).digest('hex'));
  });
});

/** Where an answer's head ends; 0 where there is none. */
const bodyAt = (bytes: Buffer): number => (bytes.subarray(0, 5).toString() === 'HTTP/' ? bytes.indexOf('\r\n\r\n') + 4 : 0);
