import net from 'node:net';
import { errorText } from '@troncal/kernel';
import type { Attempt } from '../connection.js';
import type { AriAddress } from '../address.js';
import type { AmiMessage } from './ami-message.js';
import { AmiParser } from './ami-parser.js';

const LOGIN_ID = 'login';

export interface AmiSocketOptions {
  /** Host and port of AMI, user and secret of manager.conf. */
  readonly address: AriAddress;
  readonly pingEveryMs: number;
  readonly silenceMs: number;
  readonly onOpen: () => void;
  readonly onMessage: (message: AmiMessage) => void;
  readonly onGone: (reason: string) => void;
}

/** One TCP connection to AMI, from dialling over the login to its end; a peer that went silent is found out by pings. */
export class AmiSocket implements Attempt {
  private readonly socket: net.Socket;
  private readonly parser = new AmiParser();
  private readonly watch: NodeJS.Timeout;
  private heardAt = performance.now();
  private loggedIn = false;
  private gone = false;

  constructor(private readonly options: AmiSocketOptions) {
    const { host, port, user, password } = options.address;
    this.socket = net.connect({ host, port, noDelay: true }, () => this.send('Login', LOGIN_ID, { Username: user, Secret: password }));
    this.socket.on('data', (chunk) => this.receive(chunk));
    this.socket.on('error', (error) => this.end(error.message));
    this.socket.on('close', () => this.end('closed by Asterisk'));
    this.watch = setInterval(() => this.check(), options.pingEveryMs);
  }

  /** Values must hold no line end: the caller checks. */
  send(action: string, actionId: string, fields: Readonly<Record<string, string>>): void {
    const lines = Object.entries({ Action: action, ActionID: actionId, ...fields }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(`${lines.join('')}\r\n`);
  }

  end(reason: string): void {
    if (this.gone) return;
    this.gone = true;
    clearInterval(this.watch);
    this.socket.destroy();
    this.options.onGone(reason);
  }

  private receive(chunk: Buffer): void {
    this.heardAt = performance.now();
    try {
      for (const message of this.parser.push(chunk)) {
        if (this.gone) return;
        this.take(message);
      }
    } catch (error) {
      this.end(errorText(error));
    }
  }

  private take(message: AmiMessage): void {
    if (this.loggedIn) {
      this.options.onMessage(message);
    } else if (message.actionId === LOGIN_ID) {
      if (message.get('Response') !== 'Success') return this.end(`login refused: ${message.get('Message') ?? 'no reason given'}`);
      this.loggedIn = true;
      this.options.onOpen();
    }
  }

  private check(): void {
    const silent = performance.now() - this.heardAt;
    if (silent > this.options.silenceMs) this.end(`no sign of life for ${Math.round(silent)} ms`);
    else if (this.loggedIn) this.send('Ping', 'ping', {});
  }
}
