import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;

/** The server's side of one WebSocket with text messages (RFC 6455), for specs: takes unfragmented frames of clients, as they send them. */
export class WebSocketPeer {
  onText: (text: string) => void = () => {};
  private rest = Buffer.alloc(0);

  private constructor(private readonly socket: Duplex) {
    socket.on('data', (data: Buffer) => this.receive(data));
    socket.on('error', () => socket.destroy());
  }

  static accept(request: IncomingMessage, socket: Duplex): WebSocketPeer {
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key'] ?? ''}${GUID}`).digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    return new WebSocketPeer(socket);
  }

  send(text: string): void {
    this.frame(TEXT, Buffer.from(text));
  }

  sendBinary(bytes: Uint8Array): void {
    this.frame(BINARY, Buffer.from(bytes));
  }

  close(): void {
    this.frame(CLOSE, Buffer.from([0x03, 0xe8]));
    this.socket.end();
  }

  private frame(kind: number, payload: Buffer): void {
    if (this.socket.writable) this.socket.write(Buffer.concat([Buffer.of(0x80 | kind), lengthOf(payload.length), payload]));
  }

  private receive(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    for (let size = this.next(); size > 0; size = this.next()) this.rest = this.rest.subarray(size);
  }

  /** Takes one frame; gives its size, 0 when it isn't whole yet. */
  private next(): number {
    if (this.rest.length < 2) return 0;
    const short = this.rest[1]! & 127;
    const from = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (this.rest.length < from + 4) return 0;
    const length = short < 126 ? short : short === 126 ? this.rest.readUInt16BE(2) : Number(this.rest.readBigUInt64BE(2));
    if (this.rest.length < from + 4 + length) return 0;
    const mask = this.rest.subarray(from, from + 4);
    const payload = this.rest.subarray(from + 4, from + 4 + length).map((byte, index) => byte ^ mask[index % 4]!);
    const kind = this.rest[0]! & 15;
    if (kind === TEXT) this.onText(Buffer.from(payload).toString('utf8'));
    if (kind === CLOSE) this.socket.end();
    return from + 4 + length;
  }
}

function lengthOf(bytes: number): Buffer {
  if (bytes < 126) return Buffer.of(bytes);
  if (bytes < 65_536) return Buffer.of(126, bytes >> 8, bytes & 255);
  const out = Buffer.alloc(9, 127);
  out.writeBigUInt64BE(BigInt(bytes), 1);
  return out;
}
