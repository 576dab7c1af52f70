import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { domainsReadBy, durableName, handlersOf, type EventDefinition, type EventOf, type ServiceName } from '@troncal/contracts';
import { withDeadline } from '@troncal/kernel';
import type { Health, Logger, Metrics, SpanMaker } from '@troncal/observability';
import type { DeadLetters, Inbox } from '@troncal/persistence';
import type { Bus } from '../connection/bus.js';
import { ConsumesMark, type Consumes, type Delivery } from './consumes-event.js';
import { DurableConsumer, type DurableOptions } from './durable-consumer.js';
import { observeLag } from './lag-metrics.js';
import type { Handler } from './open-message.js';
import { MessageSettler } from './settle-message.js';
import { Turnstile } from './turnstile.js';

/** What the runtime is given from outside; one value, because Nest injects by token. */
export interface ConsumerSurroundings {
  readonly service: ServiceName;
  readonly bus: Bus;
  readonly inbox: Inbox;
  readonly deadLetters: DeadLetters;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Where the spans of the service go; absent while tracing is off. */
  readonly spans?: SpanMaker;
  /** Nothing is consumed before: the inbox needs its tables. */
  readonly startWhen: Promise<void>;
  /** This process among the replicas of its service, for commands that mean it alone; made up when absent. */
  readonly replica?: string;
  /** How long the server waits for a sign of life about a delivered event before it delivers it again; 6 s when absent. */
  readonly ackWaitMs?: number;
  /** Handlers at work at once in the whole service; 8 when absent. Each holds a database connection: keep it below the pool's size. */
  readonly maxAtWork?: number;
  /** A handler whose oldest unsettled event is older than this lags: it's logged and shown in the metrics; 10 s when absent. */
  readonly lateAfterMs?: number;
}

export const CONSUMER_SURROUNDINGS = Symbol('CONSUMER_SURROUNDINGS');

/** About two minutes in all: longer than a restart of anything, shorter than people's patience. */
const DEFAULT_BACKOFF_MS = [250, 1_000, 5_000, 15_000, 30_000, 60_000];
const DEFAULT_CONCURRENCY = 8;
/** Also how long the events that a killed process held are kept from its successors. */
const ACK_WAIT_MS = 6_000;
const DEFAULT_TIMEOUT_MS = 60_000;
const LATE_AFTER_MS = 10_000;
const WATCH_MS = 1_000;

/** Finds every `@ConsumesEvent` of the application, refuses what can't work, and runs them from start-up to shutdown. */
@Injectable()
export class ConsumerRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly consumers: DurableConsumer[] = [];
  private readonly turnstile: Turnstile;
  private handlers: readonly Handler[] = [];
  private watching: NodeJS.Timeout | undefined;
  private stopped = false;
  private firstThings: { readonly done: Promise<unknown>; readonly atMostMs: number } = { done: Promise.resolve(), atMostMs: 0 };

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(CONSUMER_SURROUNDINGS) private readonly around: ConsumerSurroundings,
  ) {
    this.turnstile = new Turnstile(around.maxAtWork ?? DEFAULT_CONCURRENCY);
  }

  onApplicationBootstrap(): void {
    const found = this.find();
    refuseDoubles(found);
    this.handlers = found.map(({ handler }) => handler);
    const { bus, inbox, deadLetters, logger, spans, metrics } = this.around;
    const settler = new MessageSettler(bus, inbox, deadLetters, logger, spans);
    const measures = { settled: metrics.counter('troncal_events_consumed_total'), took: metrics.histogram('troncal_event_handling_seconds') };
    for (const { consumes, handler } of found) this.consumers.push(...this.consumersOf(handler, consumes, settler, measures));
    if (this.consumers.length > 0) this.around.health.add('consumers', () => this.consumers.map((consumer) => consumer.health()).find((result) => result.state !== 'ready') ?? { state: 'ready' });
    observeLag(this.consumers, bus, metrics);
    this.watching = setInterval(() => void Promise.all(this.consumers.map((consumer) => consumer.watch())), WATCH_MS);
    void this.begin();
  }

  /**
   * Has events wait for what the service must do first, for `atMostMs` at most: after an outage there may be thousands, and handling them takes the
   * processor from it. Call it before the application is up.
   */
  holdBack(done: Promise<unknown>, atMostMs: number): void {
    this.firstThings = { done, atMostMs };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.watching);
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** The handler of this name; undefined when the application has none (any more). */
  handlerNamed(name: string): Handler | undefined {
    return this.handlers.find(({ handler }) => handler === name);
  }

  /** Runs work for a handler when it's that handler's turn among all that are at work in the service. */
  inTurn<T>(handler: Handler, work: () => Promise<T>): Promise<T> {
    return this.turnstile.pass(handler.handler, work);
  }

  /** The event types that this application consumes, with the handler's name; compared with the catalogue by a test. */
  consumed(): { readonly handler: string; readonly type: string }[] {
    return this.find().flatMap(({ handler }) => [...handler.events.keys()].map((type) => ({ handler: handler.handler, type })));
  }

  private async begin(): Promise<void> {
    await this.around.startWhen;
    const { done, atMostMs } = this.firstThings;
    await withDeadline(done, atMostMs, 'What comes before events').catch(() => {});
    if (!this.stopped) for (const consumer of this.consumers) consumer.start();
  }

  private consumersOf(handler: Handler, consumes: Consumes, settler: MessageSettler, measures: Pick<DurableOptions, 'settled' | 'took'>): DurableConsumer[] {
    const { service, logger, bus, ackWaitMs = ACK_WAIT_MS, lateAfterMs = LATE_AFTER_MS } = this.around;
    return [...new Set(consumes.events.map((event) => event.domain))].map((domain) => {
      const allowed = domainsReadBy(service).includes(domain) ? handlersOf(service, domain) : [];
      if (!allowed.includes(handler.handler)) {
        throw new Error(
          `${service} has no leave for a handler ${handler.handler} on the domain ${domain}; it may have ${allowed.join(', ') || 'none'}. ` +
            `Add ${service} to the consumers of the event, or the handler to EXTRA_HANDLERS in libs/contracts.`,
        );
      }
      return new DurableConsumer(bus, settler, { handler, domain, concurrency: consumes.concurrency ?? DEFAULT_CONCURRENCY, ackWaitMs, lateAfterMs, turnstile: this.turnstile, logger, ...measures });
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
      from: consumes.from,
      timeoutMs: consumes.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      backoffMs: consumes.backoffMs ?? DEFAULT_BACKOFF_MS,
      handle: async (event, delivery) => target[method]?.(event, delivery),
    };
  }
}

function refuseDoubles(found: readonly { readonly handler: Handler }[]): void {
  const names = found.map(({ handler }) => handler.handler);
  const doubles = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  if (doubles.length === 0) return;
  throw new Error(`Two handlers are called ${doubles.join(', ')}: they would share one durable consumer and each get half of the events. Name one of them differently with { handler: '…' }.`);
}
