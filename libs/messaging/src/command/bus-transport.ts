import { ServerNats, type CustomTransportStrategy } from '@nestjs/microservices';
import type { NatsConnection, Subscription, SubscriptionOptions } from '@nats-io/transport-node';
import type { Bus } from '../connection/bus.js';

/**
 * Nest's own NATS server (`Transport.NATS`) on the service's one connection instead of a second one of its own: same user, same
 * inboxes, and one place that reconnects. Closing it ends its subscriptions and waits for the commands at work; the connection stays.
 */
export class BusTransport extends ServerNats implements CustomTransportStrategy {
  private readonly atWork = new Set<Promise<unknown>>();
  private readonly mine: Subscription[] = [];

  constructor(private readonly bus: Bus) {
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
        return subscription;
      },
    };
    super.bindEvents(noted as NatsConnection);
  }

  // The bus logs its own comings and goings.
  override async handleStatusUpdates(): Promise<void> {}

  override getMessageHandler(channel: string): ReturnType<ServerNats['getMessageHandler']> {
    const handle = super.getMessageHandler(channel) as (error: object | undefined, message: unknown) => Promise<unknown>;
    return (async (error: object | undefined, message: unknown): Promise<void> => {
      const work = handle(error, message);
      this.atWork.add(work);
      try {
        await work;
      } finally {
        this.atWork.delete(work);
      }
    }) as ReturnType<ServerNats['getMessageHandler']>;
  }

  override async close(): Promise<void> {
    for (const subscription of this.mine.splice(0)) subscription.unsubscribe();
    await Promise.allSettled(this.atWork);
  }
}
