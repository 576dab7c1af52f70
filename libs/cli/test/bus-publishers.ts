import type { ServiceName } from '@troncal/contracts';
import { Bus, DEFAULT_LIMITS, JetStreamPublisher, StreamProvisioner } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { eventually, type NatsServer } from '@troncal/testing';

const logger = createLogger({ service: 'spec', level: 'silent' });

/** Services that publish on a bus, each with its own streams and permissions. */
export class BusPublishers {
  private readonly buses: Bus[] = [];

  constructor(private readonly nats: NatsServer) {}

  /** Resolves when the service's streams are there. */
  async of(service: ServiceName): Promise<JetStreamPublisher> {
    const bus = new Bus({ ...this.nats.login(service), logger });
    this.buses.push(bus);
    bus.start();
    const streams = new StreamProvisioner(bus, service, DEFAULT_LIMITS, logger);
    streams.start();
    await eventually('the streams', () => streams.health().state === 'ready', 30_000);
    await streams.stop();
    return new JetStreamPublisher(bus);
  }

  async close(): Promise<void> {
    await Promise.all(this.buses.map((bus) => bus.close()));
  }
}
