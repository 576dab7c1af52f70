import type { AriAddress } from './address.js';
import { ApplicationWatch } from './application-watch.js';
import type { AriCommand } from './command.js';
import { AriUnreachableError } from './ari-error.js';
import { Connection, type ConnectionState, type StateChange } from './connection.js';
import { dialAfter } from './dial-after.js';
import { Entrances } from './entrances.js';
import { EventHub, type AnyEventListener, type Unsubscribe } from './event-hub.js';
import { EventSocket } from './event-socket.js';
import type { FaultListener } from './fault.js';
import type { StasisStart } from './generated/events-models.js';
import type { AriEventOf, AriEventType } from './generated/events.js';
import { HttpCommands } from './http-commands.js';
import { LinkGate } from './link-gate.js';
import { AriResources } from './resources.js';
import { takeSnapshot, type AriSnapshot } from './snapshot.js';

/** Of some 50 bytes each. */
const SOURCES_AT_ONCE = 40;

export interface AriClientOptions {
  readonly address: AriAddress;
  /** The Stasis application that this client owns. */
  readonly app: string;
  /** Told of what goes wrong without a caller to tell; must not throw. */
  readonly onFault: FaultListener;
  /** For every command; 5,000 ms when absent. */
  readonly commandDeadlineMs?: number;
  /** Between pings; 500 ms when absent. */
  readonly pingEveryMs?: number;
  /** Silence after which Asterisk counts as lost; 1,250 ms when absent (found out at the next ping, so within 2 s). */
  readonly silenceMs?: number;
  /** Between questions whether Asterisk still has the application; 1,000 ms when absent. See ApplicationWatch. */
  readonly lookEveryMs?: number;
  /** Goes around every command, to measure it. Must call `send` once and hand on what comes of it. */
  readonly around?: <T>(command: AriCommand, send: () => Promise<T>) => Promise<T>;
  /** Commands are sent only while Asterisk has answered the event socket within this time; absent: always. See LinkGate. */
  readonly freshMs?: number;
  /** Asked before each dialling; a rejection counts as a failed attempt. A second client of the application would kick the first one out. */
  readonly beforeDial?: () => Promise<void>;
}

/**
 * One Stasis application at one Asterisk: its events, its commands, and a connection that comes back by itself.
 *
 * Commands work whenever Asterisk can be reached, also while the event socket is away; but while it is away Asterisk drops the application's events
 * and sends new calls to the dialplan's fallback. After every `connected` call `reconcile()`: StasisStart isn't repeated for calls that are there already.
 */
export class AriClient extends AriResources {
  private readonly hub: EventHub;
  private readonly entrances: Entrances;
  private readonly connection: Connection;
  private readonly commands: HttpCommands;
  private readonly watch: ApplicationWatch;
  private readonly stateListeners = new Set<(change: StateChange) => void>();
  readonly app: string;

  constructor(private readonly options: AriClientOptions) {
    const commands = new HttpCommands(options.address, options.commandDeadlineMs ?? 5_000);
    const { around } = options;
    const gate = options.freshMs === undefined ? undefined : new LinkGate(options.freshMs, options.commandDeadlineMs ?? 5_000);
    const send = gate ? gate.guard(commands.send) : commands.send;
    super(around ? <T>(command: AriCommand) => around(command, () => send<T>(command)) : send);
    this.app = options.app;
    this.commands = commands;
    this.hub = new EventHub(options.onFault);
    this.entrances = new Entrances(this.hub);
    this.connection = new Connection(
      (onOpen, onGone) =>
        dialAfter(options.beforeDial, onGone, () => {
          const socket = new EventSocket({
            address: options.address,
            app: options.app,
            pingEveryMs: options.pingEveryMs ?? 500,
            silenceMs: options.silenceMs ?? 1_250,
            onMessage: (text) => this.hub.receive(text),
            onOpen,
            onGone,
          });
          gate?.watch(socket);
          return socket;
        }),
      (change) => this.changed(change),
    );
    this.watch = new ApplicationWatch(
      () => this.applications.get({ applicationName: this.app }),
      () => this.connection.redial('Asterisk has lost the application'),
      options.lookEveryMs ?? 1_000,
    );
    this.hub.on('ApplicationReplaced', (event) => {
      if (event.application === this.app) this.connection.replaced();
    });
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  /** Starts connecting; returns at once. Register listeners before, so that no event is missed. */
  start(): void {
    this.connection.start();
  }

  /** Connects again after `replaced`. Only for whoever knows that the application is its own: the other client is kicked out. */
  takeBack(): void {
    this.connection.takeBack();
  }

  /** Resolves when events arrive. @throws AriUnreachableError after `deadlineMs`, or when replaced or closed */
  connected(deadlineMs = 10_000): Promise<void> {
    if (this.state === 'connected') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const settle = (reason?: string): void => {
        clearTimeout(timer);
        stop();
        if (reason === undefined) resolve();
        else reject(new AriUnreachableError('events', reason));
      };
      const timer = setTimeout(() => settle(`not connected within ${deadlineMs} ms`), deadlineMs);
      const stop = this.onState(({ state, reason }) => {
        if (state === 'connected') settle();
        if (state === 'replaced' || state === 'closed') settle(reason || state);
      });
    });
  }

  /** Hears every change of the connection's state. */
  onState(listener: (change: StateChange) => void): Unsubscribe {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  /** Events of one type, in Asterisk's order. A listener may be async; nothing waits for it, and its failure goes to `onFault`. */
  on<T extends AriEventType>(type: T, listener: (event: AriEventOf<T>) => unknown): Unsubscribe {
    return this.hub.on(type, listener);
  }

  /** Every event, those included that this version doesn't know (`type: 'unrecognised'`). */
  onAny(listener: AnyEventListener): Unsubscribe {
    return this.hub.onAny(listener);
  }

  /** What is there now; see AriSnapshot. Call it after every `connected`. @throws AriError */
  reconcile(): Promise<AriSnapshot> {
    return takeSnapshot(this);
  }

  /**
   * Subscribes this application to `channel:<id>`, `bridge:<id>` and the like, however many: Asterisk refuses a request line longer than 4 kB (22.10),
   * which some fifty ids make. Needs a connected application. @throws AriError when one of them isn't there
   */
  async listenTo(eventSource: readonly string[]): Promise<void> {
    for (let from = 0; from < eventSource.length; from += SOURCES_AT_ONCE) {
      await this.applications.subscribe({ applicationName: this.app, eventSource: eventSource.slice(from, from + SOURCES_AT_ONCE) });
    }
  }

  /**
   * Resolves with the channel's next StasisStart. Choose the channel's id yourself and call this *before* the command that creates it. An externalMedia
   * channel must have entered before addChannel (22.10 answers 422 until then).
   * @throws ChannelGoneError when it is destroyed first; AriUnreachableError after `deadlineMs` or when the connection is lost
   */
  whenChannelEnters(channelId: string, deadlineMs = 5_000): Promise<StasisStart> {
    return this.entrances.wait(channelId, deadlineMs);
  }

  /** Ends everything at once: no timer and no socket stays. Calls in Asterisk live on. */
  close(): void {
    this.connection.close();
    this.commands.close();
  }

  private changed(change: StateChange): void {
    if (change.state === 'connected') this.watch.start();
    else this.watch.stop();
    if (change.state === 'lost' || change.state === 'replaced' || change.state === 'closed') {
      this.entrances.abandon(`the connection is ${change.state}`);
      // After a silent partition the kept-alive connections are dead too, and would cost a deadline each.
      this.commands.drop();
    }
    if (change.state === 'lost') this.options.onFault({ kind: 'connection', message: change.reason });
    for (const listener of this.stateListeners) {
      try {
        listener(change);
      } catch (error) {
        this.options.onFault({ kind: 'listener', message: `a state listener failed on ${change.state}`, cause: error });
      }
    }
  }
}
