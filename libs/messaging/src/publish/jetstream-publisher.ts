import { headers as natsHeaders } from '@nats-io/transport-node';
import { parseTraceparent, type Span, type SpanMaker } from '@troncal/observability';
import type { EventPort, OutgoingEvent } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';

export interface PublisherOptions {
  /** How long the PubAck may take; 5 s when absent. An event sent late is sent again under the same Nats-Msg-Id, which the server drops. */
  readonly ackTimeoutMs?: number;
  /** Where the spans of sending go; absent while tracing is off. */
  readonly spans?: SpanMaker | undefined;
}

/** Sends events to JetStream for the outbox relay. */
export class JetStreamPublisher implements EventPort {
  constructor(
    private readonly bus: Bus,
    private readonly options: PublisherOptions = {},
  ) {}

  ready(): boolean {
    return this.bus.connected;
  }

  async publish(event: OutgoingEvent): Promise<void> {
    const headers = natsHeaders();
    headers.set('content-type', 'application/cloudevents+json');
    for (const [name, value] of Object.entries(event.headers)) headers.set(name, value);
    const span = this.begin(event);
    try {
      await this.bus.answer(this.bus.jetStream().publish(event.subject, event.payload, { msgID: event.id, headers, timeout: this.options.ackTimeoutMs ?? 5_000 }));
    } catch (error) {
      span?.fail(error);
      throw error;
    } finally {
      span?.end();
    }
  }

  /** A step below the one that stated the event, which may be another process's. */
  private begin({ id, subject, headers }: OutgoingEvent): Span | undefined {
    const parent = parseTraceparent(headers['traceparent']);
    if (!this.options.spans || !parent) return undefined;
    const type = subject.split('.').slice(3).join('.');
    const attributes = { 'messaging.system': 'nats', 'messaging.operation.name': 'publish', 'messaging.operation.type': 'send', 'messaging.destination.name': type, 'messaging.message.id': id };
    return this.options.spans.open(`publish ${type}`, { kind: 'client', parent, attributes });
  }
}
