import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import type { HostPort } from './sip-address.js';
import { formatSipMessage, parseSipMessage, type SipMessage } from './sip-message.js';

/** One message or datagram as it passed, for logs and failure reports. */
export interface SipTrace {
  readonly direction: 'in' | 'out';
  readonly peer: HostPort;
  readonly text: string;
  /** Why the datagram was dropped, for such as aren't SIP. */
  readonly fault?: string;
}

export interface SipTransportOptions {
  readonly bindAddress: string;
  /** 0: whichever is free. */
  readonly port: number;
  readonly trace?: (trace: SipTrace) => void;
}

/** SIP over one UDP socket. Datagrams that aren't SIP are counted and dropped; nothing that arrives can throw. */
export class SipTransport {
  /** Datagrams dropped because they weren't SIP; keep-alives don't count. */
  badDatagrams = 0;
  onMessage: (message: SipMessage, from: HostPort) => void = () => undefined;
  private open = true;

  private constructor(
    private readonly socket: dgram.Socket,
    private readonly trace: (trace: SipTrace) => void,
  ) {
    socket.on('message', (datagram, from) => this.receive(datagram, { host: from.address, port: from.port }));
    // ICMP refusals show up here on some systems; the transaction's timer decides.
    socket.on('error', () => undefined);
  }

  /** Rejects with the socket's error when the address can't be bound. */
  static async bind(options: SipTransportOptions): Promise<SipTransport> {
    const socket = await bindUdp(options.bindAddress, options.port);
    return new SipTransport(socket, options.trace ?? (() => undefined));
  }

  /** The port bound. */
  get port(): number {
    return this.socket.address().port;
  }

  /** Sends without waiting. What can't be sent is lost like a datagram: timers see to it. */
  send(message: SipMessage, to: HostPort): void {
    if (!this.open) return;
    const bytes = formatSipMessage(message);
    this.trace({ direction: 'out', peer: to, text: bytes.toString('utf8') });
    sendUdp(this.socket, bytes, to);
  }

  /** Frees the port. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await closeUdp(this.socket);
  }

  private receive(datagram: Buffer, from: HostPort): void {
    const parsed = parseSipMessage(datagram);
    if (parsed.kind === 'fault') {
      if (parsed.fault === 'keep-alive') return;
      this.badDatagrams += 1;
      this.trace({ direction: 'in', peer: from, text: datagram.toString('utf8'), fault: parsed.fault });
      return;
    }
    this.trace({ direction: 'in', peer: from, text: datagram.toString('utf8') });
    try {
      this.onMessage(parsed, from);
    } catch (error) {
      // A fault of ours must neither end the process nor the other calls, but be seen.
      process.emitWarning(`a SIP message from ${from.host}:${from.port} wasn't handled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}

/** A UDP socket bound to an IP address; 0 takes any free port. */
export async function bindUdp(address: string, port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  socket.bind(port, address);
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

/** Sends one datagram if it can be sent; addresses come from other people's messages. */
export function sendUdp(socket: dgram.Socket, bytes: Uint8Array, to: HostPort): void {
  if (to.port < 1 || to.port > 65_535 || to.host === '') return;
  socket.send(bytes, to.port, to.host, () => undefined);
}

/** Closes a socket and waits until its port is free. */
export async function closeUdp(socket: dgram.Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.close(() => resolve());
  });
}

/** The address of this machine from which datagrams to `peer` leave. */
export async function localAddressTowards(peer: HostPort): Promise<string> {
  const socket = dgram.createSocket(net.isIPv6(peer.host) ? 'udp6' : 'udp4');
  try {
    socket.connect(peer.port, peer.host);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}
