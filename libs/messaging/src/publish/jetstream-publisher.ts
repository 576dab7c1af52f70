import { headers as natsHeaders } from '@nats-io/transport-node';
import type { EventPort, OutgoingEvent } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';

/** Sends events to JetStream for the outbox relay. */
export class JetStreamPublisher implements EventPort {
  /** @param ackTimeoutMs how long the PubAck may take; an event sent late is sent again under the same Nats-Msg-Id, which the server drops */
  constructor(
    private readonly bus: Bus,
    private readonly ackTimeoutMs = 5_000,
  ) {}

  ready(): boolean {
    return this.bus.connected;
  }

  async publish(event: OutgoingEvent): Promise<void> {
    const headers = natsHeaders();
    headers.set('content-type', 'application/cloudevents+json');
    for (const [name, value] of Object.entries(event.headers)) headers.set(name, value);
    await this.bus.jetStream().publish(event.subject, event.payload, { msgID: event.id, headers, timeout: this.ackTimeoutMs });
  }
}
