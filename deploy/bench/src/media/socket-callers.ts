import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { eventually, type AsteriskServer } from '@troncal/testing';
import { WebSocket } from 'ws';
import { everyFrame, FRAME_BYTES } from './stamped-frame.js';

/** Groups of callers that speak one after the other. */
const TURNS = 5;

/**
 * Callers of a real Asterisk, each in a call of its own, and no gateway: what its audio alone costs. They come over chan_websocket (connections that we
 * make), since a phone of ours would cost this program more than it measures; what that costs Asterisk is in every row.
 */
export class SocketCallers {
  private readonly sockets: WebSocket[] = [];
  private received = 0;
  private stop: () => void = () => {};

  private constructor(
    private readonly ari: AsteriskServer['ari'],
    private readonly events: WebSocket,
  ) {}

  static async open({ ari }: AsteriskServer): Promise<SocketCallers> {
    const events = new WebSocket(`ws://${ari.host}:${ari.port}/ari/events?app=troncal&api_key=${ari.user}:${ari.password}`);
    await once(events, 'open');
    return new SocketCallers(ari, events);
  }

  /** One more caller in the application; the channel's id. */
  async add(): Promise<string> {
    const channelId = randomUUID();
    await this.send('POST', '/channels/externalMedia', { channelId, app: 'troncal', external_host: 'INCOMING', connection_type: 'server', transport: 'websocket', encapsulation: 'none', format: 'ulaw', transport_data: 'f(json)' });
    const { value } = await this.send<{ value: string }>('GET', `/channels/${channelId}/variable`, { variable: 'MEDIA_WEBSOCKET_CONNECTION_ID' });
    const { host, port, user, password } = this.ari;
    const socket = new WebSocket(`ws://${host}:${port}/media/${value}`, ['media'], { auth: `${user}:${password}`, perMessageDeflate: false });
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.received += Math.floor(data.length / FRAME_BYTES);
    });
    await once(socket, 'open');
    this.sockets.push(socket);
    return channelId;
  }

  /** All speak from now on, a frame each 20 ms, spread over the 20 ms as they are in life. */
  talk(): void {
    const frame = Buffer.alloc(FRAME_BYTES, 0x2a);
    let turn = 0;
    this.stop = everyFrame(() => {
      turn++;
      this.sockets.forEach((socket, i) => (i + turn) % TURNS === 0 && socket.send(frame));
    }, TURNS);
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

  /** Frames received since the last call. */
  take(): number {
    const taken = this.received;
    this.received = 0;
    return taken;
  }

  close(): void {
    this.stop();
    this.events.terminate();
    for (const socket of this.sockets) socket.terminate();
  }

  private async send<Body>(method: string, path: string, query: Record<string, string>): Promise<Body> {
    const { host, port, user, password } = this.ari;
    const response = await fetch(`http://${host}:${port}/ari${path}?${new URLSearchParams(query).toString()}`, { method, headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` } });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }
}
