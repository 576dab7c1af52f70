import { ServerNats, type CustomTransportStrategy, type NatsContext } from '@nestjs/microservices';
import type { NatsConnection, Subscription, SubscriptionOptions } from '@nats-io/transport-node';
import { runInContext, type Logger, type SpanMaker } from '@troncal/observability';
import type { Bus } from '../connection/bus.js';
import { faultBehind } from './command-wire.js';

/**
 * Nest's own NATS server (`Transport.NATS`) on the service's one connection instead of a second one of its own: same user, same
 * inboxes, and one place that reconnects. Closing it ends its subscriptions and waits for the commands at work; the connection stays.
 */
export class BusTransport extends ServerNats implements CustomTransportStrategy {
  private readonly atWork = new Set<Promise<unknown>>();
  private readonly mine: Subscription[] = [];

  /**
   * @param faults the log for failures that askers aren't told the reason of
   * @param spans where the spans of commands go; absent while tracing is off
   */
  constructor(
    private readonly bus: Bus,
    private readonly faults: Logger,
    private readonly spans?: SpanMaker,
    /** This replica: each command is answered under its own subject too, for whoever means this very one. */
    private readonly replica?: string,
  ) {
    super({});
  }

  override createNatsClient(): Promise<NatsConnection> {
    return this.bus.connection();
  }

  override bindEvents(client: NatsConnection): void {
    const noted = {
      subscribe: (subject: string, options?: SubscriptionOptions): Subscription => {
        const subscription = client.subscribe(subject, options);
        this.mine.push(subscription);
        if (this.replica !== undefined && options?.callback) this.mine.push(client.subscribe(`${subject}.${this.replica}`, { callback: options.callback }));
        return subscription;
      },
    };
    super.bindEvents(noted as NatsConnection);
  }

  /** Calls back once the server has the subscriptions: a command asked from then on is answered. */
  override start(callback: (error?: unknown) => void): void {
    void this.subscribeAll(callback);
  }

  private async subscribeAll(done: (error?: unknown) => void): Promise<void> {
    let fault: unknown;
    try {
      const connection = await this.bus.connection();
      this.bindEvents(connection);
      await connection.flush();
    } catch (error) {
      fault = error;
    }
    done(fault);
  }

  // The bus logs its own comings and goings.
  override async handleStatusUpdates(): Promise<void> {}

  override getPublisher(message: { readonly subject: string }, id: string, context: NatsContext): (packet: { response?: unknown }) => void {
    const publish = super.getPublisher(message, id, context) as (packet: { response?: unknown }) => void;
    return (packet) => {
      const fault = faultBehind(packet.response);
      if (fault !== undefined) this.faults.error({ err: fault, command: message.subject }, 'a command failed');
      publish(packet);
    };
  }

  override getMessageHandler(channel: string): ReturnType<ServerNats['getMessageHandler']> {
    const handle = super.getMessageHandler(channel) as (error: object | undefined, message: unknown) => Promise<unknown>;
    return (async (error: object | undefined, message: unknown): Promise<void> => {
      const { spans } = this;
      const work = spans ? runInContext({ spans }, () => handle(error, message)) : handle(error, message);
      this.atWork.add(work);
      try {
        await work;
      } finally {
        this.atWork.delete(work);
      }
    }) as ReturnType<ServerNats['getMessageHandler']>;
  }

  override async close(): Promise<void> {
    // Drained, not cut: a command that the server has given us already is answered, else its asker would wait for nothing.
    await Promise.allSettled(this.mine.splice(0).map(async (subscription) => (this.bus.connected ? subscription.drain() : subscription.unsubscribe())));
    while (this.atWork.size > 0) await Promise.allSettled(this.atWork);
  }
}
