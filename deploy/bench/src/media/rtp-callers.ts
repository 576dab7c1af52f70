import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { eventually, type AsteriskServer } from '@troncal/testing';
import { WebSocket } from 'ws';
import { everyFrame, FRAME_BYTES } from './stamped-frame.js';

const RTP_HEADER = 12;

/** Callers of a real Asterisk as plain RTP, each in a call of its own, and no gateway: what its audio alone costs. */
export class RtpCallers {
  private readonly callers: { readonly socket: Socket; readonly port: number; readonly packet: Buffer }[] = [];
  private received = 0;
  private stop: () => void = () => {};

  private constructor(
    private readonly ari: AsteriskServer['ari'],
    private readonly events: WebSocket,
  ) {}

  static async open({ ari }: AsteriskServer): Promise<RtpCallers> {
    const events = new WebSocket(`ws://${ari.host}:${ari.port}/ari/events?app=troncal&api_key=${ari.user}:${ari.password}`);
    await once(events, 'open');
    return new RtpCallers(ari, events);
  }

  /** One more caller in the application; the channel's id. */
  async add(): Promise<string> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    socket.on('message', () => void this.received++);
    const channelId = randomUUID();
    await this.send('POST', '/channels/externalMedia', { channelId, app: 'troncal', external_host: `127.0.0.1:${(socket.address() as AddressInfo).port}`, format: 'ulaw' });
    const { value } = await eventually('the RTP port', () => this.send<{ value: string }>('GET', `/channels/${channelId}/variable`, { variable: 'UNICASTRTP_LOCAL_PORT' }));
    const packet = Buffer.alloc(RTP_HEADER + FRAME_BYTES, 0x2a);
    packet.writeUInt16BE(0x8000, 0);
    packet.writeUInt32BE(this.callers.length + 1, 8);
    this.callers.push({ socket, port: Number(value), packet });
    return channelId;
  }

  /** All speak from now on, a packet each 20 ms. */
  talk(): void {
    let sequence = 0;
    this.stop = everyFrame(() => {
      sequence++;
      for (const { socket, port, packet } of this.callers) {
        packet.writeUInt16BE(sequence & 0xffff, 2);
        packet.writeUInt32BE((sequence * FRAME_BYTES) >>> 0, 4);
        socket.send(packet, port, '127.0.0.1');
      }
    });
  }

  /** The caller hears itself by the dialplan's echo. */
  async echo(channel: string): Promise<void> {
    await eventually('the caller is sent to the echo', () => this.send('POST', `/channels/${channel}/continue`, { context: 'internal', extension: '*43', priority: '1' }).then(() => true));
  }

  /** Puts a caller and a media leg of the given kind into a bridge, as the gateway does. */
  async bridge(channel: string, kind: 'websocket' | 'audiosocket', legId: string): Promise<void> {
    const bridge = randomUUID();
    const leg = randomUUID();
    await this.send('POST', `/bridges/${bridge}`, { type: 'mixing,dtmf_events,proxy_media' });
    if (kind === 'websocket') await this.send('POST', '/channels/externalMedia', { channelId: leg, app: 'troncal', external_host: 'voice', transport: 'websocket', encapsulation: 'none', format: 'ulaw', transport_data: `f(json)v(leg=${legId})` });
    else await this.send('POST', `/channels/${leg}`, { endpoint: `Local/${legId}@media/n`, app: 'troncal', appArgs: 'leg', formats: 'slin', timeout: '5' });
    for (const each of [channel, leg]) await eventually('the channel joins', () => this.send('POST', `/bridges/${bridge}/addChannel`, { channel: each }).then(() => true));
  }

  /** Packets received since the last call. */
  take(): number {
    const taken = this.received;
    this.received = 0;
    return taken;
  }

  close(): void {
    this.stop();
    this.events.terminate();
    for (const { socket } of this.callers) socket.close();
  }

  private async send<Body>(method: string, path: string, query: Record<string, string>): Promise<Body> {
    const { host, port, user, password } = this.ari;
    const response = await fetch(`http://${host}:${port}/ari${path}?${new URLSearchParams(query).toString()}`, { method, headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }
}
