import { backoffMs } from '@troncal/kernel';

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

/** One attempt at a connection, already under way. */
export interface Attempt {
  /** Ends it at once; `onGone` is told the reason. */
  end(reason: string): void;
}

/** Starts an attempt: `onOpen` when it is usable, `onGone` exactly once, later than this call, whatever happened. */
export type Dial = (onOpen: () => void, onGone: (reason: string) => void) => Attempt;

const RECONNECT = { firstMs: 50, maxMs: 2_000, jitter: 0.5 };

/** Keeps one connection open: dials again with backoff and jitter until closed or replaced. */
export class Connection {
  private current: ConnectionState = 'idle';
  private attempt: Attempt | undefined;
  private retry: NodeJS.Timeout | undefined;
  private failures = 0;

  constructor(
    private readonly open: Dial,
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

  /** Takes the application back from whoever replaced us; the caller knows that it is ours. */
  takeBack(): void {
    if (this.current === 'replaced') this.dial();
  }

  /** Ends the open connection and dials again. */
  redial(reason: string): void {
    if (this.current === 'connected') this.attempt?.end(reason);
  }

  close(): void {
    this.stop('closed', '');
  }

  private dial(): void {
    this.change('connecting', '');
    this.attempt = this.open(
      () => {
        this.failures = 0;
        this.change('connected', '');
      },
      (reason) => this.dropped(reason),
    );
  }

  private dropped(reason: string): void {
    this.attempt = undefined;
    if (this.current === 'replaced' || this.current === 'closed') return;
    this.failures += 1;
    this.change('lost', reason);
    this.retry = setTimeout(() => this.dial(), backoffMs(RECONNECT, this.failures));
  }

  private stop(state: 'replaced' | 'closed', reason: string): void {
    if (this.current === state || this.current === 'closed') return;
    clearTimeout(this.retry);
    const before = this.attempt;
    this.change(state, reason);
    before?.end(reason);
  }

  private change(state: ConnectionState, reason: string): void {
    this.current = state;
    this.onChange({ state, reason });
  }
}
