import type { Envelope, EventDefinition, ServiceName } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import { Bus, JetStreamPublisher } from '@troncal/messaging';
import { createLogger } from '@troncal/observability';
import { PRIOR_HEADER, type OutgoingEvent } from '@troncal/persistence';
import type { NatsServer } from './nats-server.js';

/** A fact to state; `time` is now when absent. */
export interface StatedFact<Data> {
  readonly tenant: string;
  readonly subject: string;
  readonly data: Data;
  readonly time?: Date;
}

/** Stands in for another service: states its facts on the bus, with its own NATS user and the envelope and headers its outbox would make. */
export class EventSource {
  private readonly sequences = new Map<string, { last: number; readonly latest: Record<string, number> }>();
  private readonly sent: OutgoingEvent[] = [];

  private constructor(
    private readonly service: ServiceName,
    private readonly bus: Bus,
    private readonly publisher: JetStreamPublisher,
  ) {}

  /** Connects as this service. The streams it writes to must be there: the service under test makes those it reads. */
  static async open(nats: NatsServer, service: ServiceName): Promise<EventSource> {
    const bus = new Bus({ ...nats.login(service), logger: createLogger({ service: 'testing', level: 'silent' }) });
    bus.start();
    await bus.connection();
    return new EventSource(service, bus, new JetStreamPublisher(bus));
  }

  /** Resolves when the event is stored. */
  async publish<Data>(definition: EventDefinition<Data>, fact: StatedFact<Data>): Promise<Envelope> {
    const key = `${fact.tenant}/${definition.aggregate}/${fact.subject}`;
    const place = this.sequences.get(key) ?? { last: 0, latest: {} };
    this.sequences.set(key, place);
    const prior = JSON.stringify(place.latest);
    place.last += 1;
    place.latest[definition.type] = place.last;
    const envelope: Envelope = {
      specversion: '1.0',
      id: newId(),
      type: definition.type,
      source: this.service,
      time: (fact.time ?? new Date()).toISOString(),
      subject: fact.subject,
      sequence: place.last,
      tenantid: fact.tenant,
      correlationid: fact.subject,
      datacontenttype: 'application/json',
      data: definition.encode(fact.data),
    };
    const event: OutgoingEvent = { id: envelope.id, subject: definition.subjectFor(fact.tenant), payload: JSON.stringify(envelope), headers: { [PRIOR_HEADER]: prior } };
    this.sent.push(event);
    await this.publisher.publish(event);
    return envelope;
  }

  /** Publishes everything once more, past JetStream’s own notice of duplicates, as after an outage longer than that remembers. */
  async repeatAll(): Promise<void> {
    for (const event of this.sent) await this.publisher.publish({ ...event, id: newId() });
  }

  async close(): Promise<void> {
    await this.bus.close();
  }
}
