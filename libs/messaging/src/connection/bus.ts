import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { inboxPrefix } from '@troncal/contracts';
import { backoffMs, errorText, pause, TransientError, withDeadline, type Backoff } from '@troncal/kernel';
import { notReady, READY, runOutsideContext, type CheckResult, type Logger } from '@troncal/observability';

/** Where the bus is and who we are on it. */
export interface BusLogin {
  /** nats:// or tls:// address; several separated by commas. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface BusOptions extends BusLogin {
  readonly logger: Logger;
}

const CONNECT: Backoff = { firstMs: 100, maxMs: 2_000 };
// The library's default of two minutes leaves a silently cut connection looking alive for that long.
const PING_MS = 2_000;

/**
 * The one connection of a service to NATS. It starts while NATS is away and keeps trying for ever; a lost connection is taken up
 * again by itself, subscriptions and consumers included. Replies come to inboxes of our own prefix, which no other user may read.
 */
export class Bus {
  private current: NatsConnection | undefined;
  private up = false;
  private readonly stopping = new AbortController();
  private readonly listeners: (() => void)[] = [];
  private readonly waiting = new Set<() => void>();
  private running: Promise<void> | undefined;
  private announceFirst: (connection: NatsConnection) => void = () => {};
  private readonly first = new Promise<NatsConnection>((resolve) => (this.announceFirst = resolve));

  constructor(private readonly options: BusOptions) {}

  /** Begins to connect; returns at once. */
  start(): void {
    this.running ??= runOutsideContext(() => this.connect());
  }

  /** The connection, as soon as there is one. It stays the same one over reconnects. */
  connection(): Promise<NatsConnection> {
    return this.first;
  }

  /** True while the server answers. */
  get connected(): boolean {
    return this.up;
  }

  /** The connection if it's up now. @throws TransientError `bus_away` */
  open(): NatsConnection {
    if (this.current && this.up) return this.current;
    throw busAway('NATS is not connected.');
  }

  /**
   * The server's answer. Rejects with `bus_away` as soon as the connection is lost: an answer that was on its way then never comes, and waiting for it
   * until its deadline would keep everything behind it waiting although the server is back within a fraction of a second.
   */
  answer<T>(asked: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(busAway('The connection to NATS was lost before the answer came.'));
      this.waiting.add(lost);
      asked.then(resolve, reject).finally(() => this.waiting.delete(lost));
    });
  }

  jetStream(): JetStreamClient {
    return jetstream(this.open());
  }

  async jetStreamManager(): Promise<JetStreamManager> {
    return jetstreamManager(this.open(), { checkAPI: false });
  }

  /** Calls `connected` after each connect and reconnect from now on; at once when connected. */
  onConnected(connected: () => void): void {
    this.listeners.push(connected);
    if (this.up) connected();
  }

  /** Ready when JetStream's API answers: a server whose disk is full stays connected with JetStream off. */
  async health(): Promise<CheckResult> {
    if (!this.up) return notReady('NATS is not connected.', { user: this.options.user });
    try {
      const manager = await this.jetStreamManager();
      await withDeadline(manager.getAccountInfo(), 1_500, "JetStream's answer");
      return READY;
    } catch (error) {
      return notReady(`NATS is connected, but JetStream doesn't answer: ${errorText(error)}`);
    }
  }

  /** Sends what is buffered, ends every subscription and closes. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.running;
    const connection = this.current;
    this.up = false;
    if (!connection || connection.isClosed()) return;
    // Draining waits for the server; one that is away must not hold up our exit.
    await withDeadline(connection.drain(), 2_000, 'Draining NATS').catch(() => connection.close());
  }

  private async connect(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      try {
        this.current = await this.dial();
        this.announceFirst(this.current);
        this.wentUp();
        void this.watch(this.current);
        return;
      } catch (error) {
        failures += 1;
        // The first failures of a start are expected: everything starts at once.
        this.options.logger[failures < 5 ? 'debug' : 'warn']({ err: error, failures }, 'NATS is not there yet');
        await pause(backoffMs(CONNECT, failures), this.stopping.signal);
      }
    }
  }

  private dial(): Promise<NatsConnection> {
    const { url, user, password } = this.options;
    return connect({
      servers: url.split(','),
      user,
      pass: password,
      name: user,
      inboxPrefix: inboxPrefix(user),
      timeout: 2_000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      reconnectJitter: 200,
      pingInterval: PING_MS,
      maxPingOut: 2,
      // Without it two refused log-ins in a row (a server restarting with its accounts not loaded yet) close the connection for good.
      ignoreAuthErrorAbort: true,
    });
  }

  private async watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        this.up = false;
        this.options.logger.warn('NATS is away; trying to reconnect');
        for (const lost of this.waiting) lost();
      } else if (status.type === 'reconnect') {
        this.wentUp();
      } else if (status.type === 'error') {
        this.options.logger.warn({ err: status.error }, 'NATS reported an error');
      }
    }
    this.up = false;
    if (!this.stopping.signal.aborted) this.options.logger.fatal({ err: await connection.closed() }, 'the connection to NATS was closed for good');
  }

  private wentUp(): void {
    this.up = true;
    this.options.logger.info('connected to NATS');
    for (const connected of this.listeners) connected();
  }
}

function busAway(message: string): TransientError {
  return new TransientError('bus_away', message, { remedy: 'It is tried again by itself. See that NATS runs at the address of NATS_URL.' });
}
