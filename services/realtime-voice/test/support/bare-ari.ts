import { eventually, type AsteriskServer } from '@troncal/testing';
import WebSocket from 'ws';

/** As much of ARI as puts legs into a bridge. The client of libs/ari is the gateway's alone, in tests too. */
export class BareAri {
  private readonly headers: Record<string, string>;
  private readonly base: string;

  private constructor(
    { host, port, user, password }: AsteriskServer['ari'],
    private events: WebSocket | undefined,
  ) {
    this.base = `${host}:${port}`;
    this.headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }

  /** Registers the Stasis application `troncal`; it lives as long as this connection. */
  static async open(address: AsteriskServer['ari']): Promise<BareAri> {
    const ari = new BareAri(address, undefined);
    ari.events = await eventually('the event socket', () => ari.connect('/ari/events?app=troncal'), 20_000);
    return ari;
  }

  /** Sends a command; throws with Asterisk's answer unless it succeeds. */
  async send<Body = unknown>(method: string, path: string, query: Record<string, string> = {}): Promise<Body> {
    const response = await fetch(`http://${this.base}/ari${path}?${new URLSearchParams(query).toString()}`, { method, headers: this.headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  }

  /** Adds a channel as soon as it has entered Stasis; before that Asterisk refuses it. */
  async join(bridge: string, channel: string): Promise<void> {
    await eventually('the channel joins', async () => {
      await this.send('POST', `/bridges/${bridge}/addChannel`, { channel });
      return true;
    });
  }

  /** A WebSocket at Asterisk's HTTP port. */
  async connect(path: string, protocols: string[] = []): Promise<WebSocket> {
    const socket = new WebSocket(`ws://${this.base}${path}`, protocols, { headers: this.headers });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  }

  close(): void {
    this.events?.terminate();
  }
}
