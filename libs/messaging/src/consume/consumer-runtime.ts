import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { domainsReadBy, durableName, handlersOf, type EventDefinition, type EventOf, type ServiceName } from '@troncal/contracts';
import type { Health, Logger, Metrics, SpanMaker } from '@troncal/observability';
import type { Inbox } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';
import { ConsumesMark, type Consumes, type Delivery } from './consumes-event.js';
import { DurableConsumer, type DurableOptions } from './durable-consumer.js';
import { MessageSettler, type Handler } from './settle-message.js';
import { Turnstile } from './turnstile.js';

/** What the runtime is given from outside; one value, because Nest injects by token. */
export interface ConsumerSurroundings {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly inbox: Inbox;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Where the spans of the service go; absent while tracing is off. */
  readonly spans?: SpanMaker;
  /** Nothing is consumed before: the inbox needs its tables. */
  readonly startWhen: Promise<void>;
  /** How long the server waits for a sign of life about a delivered event before it delivers it again; 6 s when absent. */
  readonly ackWaitMs?: number;
  /** Handlers at work at once in the whole service; 8 when absent. Each holds a database connection: keep it below the pool's size. */
  readonly maxAtWork?: number;
}

export const CONSUMER_SURROUNDINGS = Symbol('CONSUMER_SURROUNDINGS');

/** About two minutes in all: longer than a restart of anything, shorter than people's patience. */
const DEFAULT_BACKOFF_MS = [250, 1_000, 5_000, 15_000, 30_000, 60_000];
const DEFAULT_CONCURRENCY = 8;
/** Also how long the events that a killed process held are kept from its successors. */
const ACK_WAIT_MS = 6_000;
const DEFAULT_TIMEOUT_MS = 60_000;

/** Finds every `@ConsumesEvent` of the application, refuses what can't work, and runs them from start-up to shutdown. */
@Injectable()
export class ConsumerRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumers: DurableConsumer[] = [];
  private stopped = false;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(CONSUMER_SURROUNDINGS) private readonly around: ConsumerSurroundings,
  ) {}

  onApplicationBootstrap(): void {
    const found = this.find();
    refuseDoubles(found);
    const turnstile = new Turnstile(this.around.maxAtWork ?? DEFAULT_CONCURRENCY);
    const settler = new MessageSettler(this.around.bus, this.around.inbox, this.around.logger, this.around.spans);
    const settled = this.around.metrics.counter('troncal_events_consumed_total');
    const took = this.around.metrics.histogram('troncal_event_handling_seconds');
    for (const { consumes, handler } of found) this.consumers.push(...this.consumersOf(handler, consumes, settler, { settled, took, turnstile }));
    if (this.consumers.length > 0) this.around.health.add('consumers', () => this.consumers.map((consumer) => consumer.health()).find((result) => result.state !== 'ready') ?? { state: 'ready' });
    this.observeLag();
    void this.around.startWhen.then(() => {
      if (!this.stopped) for (const consumer of this.consumers) consumer.start();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** The event types that this application consumes, with the handler's name; compared with the catalogue by a test. */
  consumed(): { readonly handler: string; readonly type: string }[] {
    return this.find().flatMap(({ handler }) => [...handler.events.keys()].map((type) => ({ handler: handler.handler, type })));
  }

  private consumersOf(handler: Handler, consumes: Consumes, settler: MessageSettler, common: Pick<DurableOptions, 'settled' | 'took' | 'turnstile'>): DurableConsumer[] {
    const { service, logger, bus } = this.around;
    return [...new Set(consumes.events.map((event) => event.domain))].map((domain) => {
      const allowed = domainsReadBy(service).includes(domain) ? handlersOf(service, domain) : [];
      if (!allowed.includes(handler.handler)) {
        throw new Error(
          `${service} has no leave for a handler ${handler.handler} on the domain ${domain}; it may have ${allowed.join(', ') || 'none'}. ` +
            `Add ${service} to the consumers of the event, or the handler to EXTRA_HANDLERS in libs/contracts.`,
        );
      }
      return new DurableConsumer(bus, settler, { handler, domain, concurrency: consumes.concurrency ?? DEFAULT_CONCURRENCY, ackWaitMs: this.around.ackWaitMs ?? ACK_WAIT_MS, logger, ...common });
    });
  }

  private find(): { readonly consumes: Consumes; readonly handler: Handler }[] {
    return [...this.discovery.getProviders(), ...this.discovery.getControllers()].flatMap((wrapper) => {
      const instance: unknown = wrapper.instance;
      if (typeof instance !== 'object' || instance === null) return [];
      return this.scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object).flatMap((method) => {
        const consumes = this.discovery.getMetadataByDecorator(ConsumesMark, wrapper, method);
        return consumes ? [{ consumes, handler: this.handlerOf(instance, method, consumes) }] : [];
      });
    });
  }

  private handlerOf(instance: object, method: string, consumes: Consumes): Handler {
    const { service } = this.around;
    const handler = consumes.handler ?? method;
    const target = instance as Record<string, (event: EventOf<unknown>, delivery: Delivery) => Promise<void>>;
    return {
      service,
      handler,
      durable: durableName(service, handler),
      events: new Map<string, EventDefinition>(consumes.events.map((event) => [event.type, event])),
      timeoutMs: consumes.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      backoffMs: consumes.backoffMs ?? DEFAULT_BACKOFF_MS,
      handle: async (event, delivery) => target[method]?.(event, delivery),
    };
  }

  private observeLag(): void {
    const { metrics, bus } = this.around;
    metrics.gauge('troncal_consumer_lag_count', async (pending) => {
      if (!bus.connected) return;
      const manager = await bus.jetStreamManager();
      await Promise.all(
        this.consumers.map(async (consumer) => {
          const lag = await consumer.lag(manager).catch(() => undefined);
          if (!lag) return;
          pending.set(consumer.labels, lag.pending);
          unsettled.set(consumer.labels, lag.unsettled);
        }),
      );
    });
    // After the one whose collecting sets it: a scrape goes through the metrics in the order of their making.
    const unsettled = metrics.gauge('troncal_consumer_unsettled_count');
  }
}

function refuseDoubles(found: readonly { readonly handler: Handler }[]): void {
  const names = found.map(({ handler }) => handler.handler);
  const doubles = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (doubles.length === 0) return;
  throw new Error(`Two handlers are called ${doubles.join(', ')}: they would share one durable consumer and each get half of the events. Name one of them differently with { handler: '…' }.`);
}
