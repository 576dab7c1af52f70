import { errorText } from '@troncal/kernel';
import type { AriAddress } from '../address.js';
import { Connection, type ConnectionState, type StateChange } from '../connection.js';
import type { Unsubscribe } from '../event-hub.js';
import type { FaultListener } from '../fault.js';
import { AmiError } from './ami-error.js';
import type { AmiMessage } from './ami-message.js';
import { AmiSocket } from './ami-socket.js';
import { PendingActions } from './pending-actions.js';

export interface AmiClientOptions {
  /** Host and port of AMI, user and secret of manager.conf. */
  readonly address: AriAddress;
  readonly onFault: FaultListener;
  /** For every action; 5,000 ms when absent. */
  readonly deadlineMs?: number;
  /** Between pings; 2,000 ms when absent. */
  readonly pingEveryMs?: number;
  /** Silence after which Asterisk counts as lost; 4,000 ms when absent. */
  readonly silenceMs?: number;
}

/**
 * AMI for what ARI lacks: events of queues and registrations, and a few actions. Logs in again by itself after a loss; events of the meantime are gone,
 * so ask for lists after each `connected`.
 */
export class AmiClient {
  private readonly connection: Connection;
  private readonly pending: PendingActions;
  private readonly listeners = new Set<(event: AmiMessage) => unknown>();
  private readonly stateListeners = new Set<(change: StateChange) => void>();
  private socket: AmiSocket | undefined;

  constructor(private readonly options: AmiClientOptions) {
    this.pending = new PendingActions(options.deadlineMs ?? 5_000);
    this.connection = new Connection(
      (onOpen, onGone) => {
        this.socket = new AmiSocket({
          address: options.address,
          pingEveryMs: options.pingEveryMs ?? 2_000,
          silenceMs: options.silenceMs ?? 4_000,
          onMessage: (message) => this.take(message),
          onOpen,
          onGone,
        });
        return this.socket;
      },
      (change) => this.changed(change),
    );
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  /** Starts connecting; returns at once. */
  start(): void {
    this.connection.start();
  }

  /** Every event that doesn't belong to a list asked for. A listener that fails is reported and hurts nobody else. */
  onEvent(listener: (event: AmiMessage) => unknown): Unsubscribe {
    const entry = (event: AmiMessage): unknown => listener(event);
    this.listeners.add(entry);
    return () => this.listeners.delete(entry);
  }

  onState(listener: (change: StateChange) => void): Unsubscribe {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Resolves with the response. @throws AmiError when refused, not connected, or without an answer in time */
  async action(name: string, fields: Readonly<Record<string, string>> = {}): Promise<AmiMessage> {
    return (await this.ask(name, fields, false)).response;
  }

  /** For actions that answer with a list of events (`QueueStatus`, `PJSIPShowContacts`): those events, in order. @throws AmiError */
  async list(name: string, fields: Readonly<Record<string, string>> = {}): Promise<readonly AmiMessage[]> {
    return (await this.ask(name, fields, true)).events;
  }

  /** Ends everything at once: no timer and no socket stays. */
  close(): void {
    this.connection.close();
  }

  private ask(name: string, fields: Readonly<Record<string, string>>, list: boolean): Promise<{ response: AmiMessage; events: readonly AmiMessage[] }> {
    for (const [field, value] of Object.entries({ [name]: '', ...fields })) {
      // A line end would let a value add fields, or whole actions, of its own.
      if (/[\r\n]/.test(field + value)) return Promise.reject(new AmiError(name, `a line end in ${JSON.stringify(field)}`, true));
    }
    const { socket } = this;
    if (this.state !== 'connected' || !socket) return Promise.reject(new AmiError(name, `not connected (${this.state})`, false));
    return this.pending.ask(name, list, (actionId) => socket.send(name, actionId, fields));
  }

  private take(message: AmiMessage): void {
    if (this.pending.take(message) || message.event === undefined) return;
    for (const listener of this.listeners) {
      try {
        const result = listener(message);
        if (result instanceof Promise) result.catch((error: unknown) => this.report(message, error));
      } catch (error) {
        this.report(message, error);
      }
    }
  }

  private report(message: AmiMessage, error: unknown): void {
    this.options.onFault({ kind: 'listener', message: `a listener of ${message.event ?? 'AMI'} failed: ${errorText(error)}`, cause: error });
  }

  private changed(change: StateChange): void {
    if (change.state === 'lost' || change.state === 'closed') this.pending.abandon(`the connection is ${change.state}`);
    if (change.state === 'lost') this.options.onFault({ kind: 'connection', message: change.reason });
    for (const listener of this.stateListeners) listener(change);
  }
}
