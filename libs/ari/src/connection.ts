import { backoffMs } from '@troncal/kernel';
import { EventSocket, type EventSocketOptions } from './event-socket.js';

/**
 * `connecting`: the first attempt, or one after `lost`. `connected`: events arrive. `lost`: gone, another attempt follows by itself.
 * `replaced`: another client took the application; this one stopped for good, because two owners of one call would fight. `closed`: by us.
 */
export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'lost' | 'replaced' | 'closed';

export interface StateChange {
  readonly state: ConnectionState;
  /** For people; empty when there is nothing to say. */
  readonly reason: string;
}

const RECONNECT = { firstMs: 50, maxMs: 2_000, jitter: 0.5 };

/** Keeps one event socket open: reconnects with backoff and jitter until closed or replaced. */
export class Connection {
  private current: ConnectionState = 'idle';
  private socket: EventSocket | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(
    private readonly options: Omit<EventSocketOptions, 'onOpen' | 'onGone'>,
    private readonly onChange: (change: StateChange) => void,
  ) {}

  get state(): ConnectionState {
    return this.current;
  }

  start(): void {
    if (this.current === 'idle') this.dial();
  }

  /** Another client has the application now. */
  replaced(): void {
    this.stop('replaced', 'another client connected with the same application name');
  }

  close(): void {
    this.stop('closed', '');
  }

  private dial(): void {
    this.change('connecting', '');
    this.socket = new EventSocket({
      ...this.options,
      onOpen: () => {
        this.failures = 0;
        this.change('connected', '');
      },
      onGone: (reason) => this.dropped(reason),
    });
  }

  private dropped(reason: string): void {
    this.socket = undefined;
    if (this.current === 'replaced' || this.current === 'closed') return;
    this.failures += 1;
    this.change('lost', reason);
    this.retry = setTimeout(() => this.dial(), backoffMs(RECONNECT, this.failures));
  }

  private stop(state: 'replaced' | 'closed', reason: string): void {
    if (this.current === state || this.current === 'closed') return;
    clearTimeout(this.retry);
    const before = this.socket;
    this.change(state, reason);
    before?.end(reason);
  }

  private change(state: ConnectionState, reason: string): void {
    this.current = state;
    this.onChange({ state, reason });
  }
}
