import { WebSocket } from 'ws';
import { eventsUrl, type AriAddress } from './address.js';

/** Events with a long channel snapshot are some kB; a megabyte is no event. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** A peer that speaks and does not hear is given this much more time than a silent one: its answers come behind its events. */
const DEAF_SHARE = 1.2;

/** Whether a connection ended because its peer fell silent, or deaf, by the reason given for its end. */
export const isSilence = (reason: string): boolean => /^no (sign of life|answer) for /.test(reason);

export interface EventSocketOptions {
  readonly address: AriAddress;
  readonly app: string;
  /** Between pings, in milliseconds. */
  readonly pingEveryMs: number;
  /** Silence (no pong, no event) after which the peer counts as lost, in milliseconds. */
  readonly silenceMs: number;
  readonly onOpen: () => void;
  readonly onMessage: (text: string) => void;
  /** Exactly once, whatever happened; the reason is for people. */
  readonly onGone: (reason: string) => void;
}

/**
 * One WebSocket to `/ari/events`, from dialling to its end. It notices a peer that went silent without a FIN (a pulled cable, a frozen
 * process): a ping goes out every `pingEveryMs`, and Asterisk answers each within its own loop (22.10, client.spec). Events alone are no answer: when
 * only what we send is lost they keep coming.
 */
export class EventSocket {
  private readonly socket: WebSocket;
  private heardAt = performance.now();
  private checkedAt = performance.now();
  /** When the newest ping (or the dialling) that was answered had been sent: whatever is told later than that isn't known. */
  private proved = -Infinity;
  private readonly waiting = new Set<(proved: boolean) => void>();
  private readonly watch: NodeJS.Timeout;
  private gone = false;

  constructor(private readonly options: EventSocketOptions) {
    const { user, password } = options.address;
    this.socket = new WebSocket(eventsUrl(options.address, options.app), {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    const dialledAt = performance.now();
    this.socket.on('open', () => {
      this.heard();
      this.answered(dialledAt);
      options.onOpen();
    });
    this.socket.on('pong', (sentAt: Buffer) => {
      this.heard();
      this.answered(Number(sentAt.toString()));
    });
    this.socket.on('message', (data: Buffer) => {
      this.heard();
      options.onMessage(data.toString('utf8'));
    });
    this.socket.on('unexpected-response', (_request, response) => {
      response.resume();
      this.end(response.statusCode === 401 ? 'Asterisk refused the ARI user or password (401)' : `Asterisk answered ${response.statusCode}`);
    });
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', (code) => this.end(`closed by Asterisk (${code})`));
    this.watch = setInterval(() => this.check(), options.pingEveryMs);
  }

  /** When the newest question was asked that Asterisk has answered on this socket, by the monotonic clock; -Infinity: none yet. */
  get provedAt(): number {
    return this.gone ? -Infinity : this.proved;
  }

  /** Asks now; true once Asterisk has answered this very question, false when it doesn't within `deadlineMs` or the socket is gone. */
  prove(deadlineMs: number): Promise<boolean> {
    if (this.gone || this.socket.readyState !== WebSocket.OPEN) return Promise.resolve(false);
    const asked = performance.now();
    return new Promise((resolve) => {
      const settle = (alive: boolean): void => {
        if (alive && this.proved < asked) return;
        clearTimeout(timer);
        this.waiting.delete(settle);
        resolve(alive);
      };
      const timer = setTimeout(() => settle(false), deadlineMs);
      this.waiting.add(settle);
      this.ping();
    });
  }

  /** Ends the connection at once; nothing is waited for. */
  end(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    clearInterval(this.watch);
    // A closing handshake with a dead peer would keep the socket for 30 s more.
    this.socket.terminate();
    for (const settle of this.waiting) settle(false);
    this.options.onGone(reason);
  }

  private heard(): void {
    this.heardAt = performance.now();
  }

  private ping(): void {
    this.socket.ping(String(performance.now()));
  }

  private answered(sentAt: number): void {
    if (!(sentAt > this.proved)) return;
    this.proved = sentAt;
    for (const settle of this.waiting) settle(true);
  }

  private check(): void {
    const now = performance.now();
    const silent = now - this.heardAt;
    const unanswered = this.socket.readyState === WebSocket.OPEN ? now - this.proved : 0;
    // We stood still ourselves: what came meanwhile is read before anybody is called silent.
    const stoodStill = now - this.checkedAt > 2 * this.options.pingEveryMs;
    this.checkedAt = now;
    if (silent > this.options.silenceMs && !stoodStill) this.end(`no sign of life for ${Math.round(silent)} ms`);
    else if (unanswered > this.options.silenceMs * DEAF_SHARE && !stoodStill) this.end(`no answer for ${Math.round(unanswered)} ms, though it speaks`);
    else if (this.socket.readyState === WebSocket.OPEN) this.ping();
  }
}
