import { AckPolicy, DeliverPolicy, ReplayPolicy, type Consumer, type ConsumerConfig, type ConsumerInfo, type ConsumerMessages, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import { streamName, type Domain } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import { notReady, READY, runOutsideContext, type CheckResult, type Counter, type Histogram, type Logger } from '@troncal/observability';
import type { Bus } from '../connection/bus.js';
import { isApiError } from '../provision/streams.js';
import { Backlog } from './backlog.js';
import { KeyedQueue } from './keyed-queue.js';
import type { Turnstile } from './turnstile.js';
import { openMessage, rawDelivery, type Handler, type OpenedMessage } from './open-message.js';
import type { MessageSettler } from './settle-message.js';

const RETRY: Backoff = { firstMs: 200, maxMs: 5_000 };
const CONSUMER_NOT_FOUND = 10_014;

export interface DurableOptions {
  readonly handler: Handler;
  readonly domain: Domain;
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** An event not settled after this is a lag worth telling of. */
  readonly lateAfterMs: number;
  /** Shared by all consumers of the service. */
  readonly turnstile: Turnstile;
  readonly settled: Counter<'handler' | 'outcome'>;
  readonly took: Histogram<'handler'>;
  readonly logger: Logger;
}

/** How far one handler is behind its stream. */
export interface Lag {
  /** Not yet delivered. */
  readonly pending: number;
  /** Delivered and not settled. */
  readonly unsettled: number;
  /** Of those, delivered more than once. */
  readonly redelivered: number;
  readonly oldestMs: number;
  readonly isLate: boolean;
}

/** One handler's durable consumer on one stream: pulls, keeps aggregates in order, and comes back by itself after any loss. */
export class DurableConsumer {
  private readonly stream: string;
  private readonly queue: KeyedQueue;
  private readonly inHand = new Set<JsMsg>();
  private readonly backlog: Backlog;
  private readonly stopping = new AbortController();
  private messages: ConsumerMessages | undefined;
  private running: Promise<void> | undefined;
  private trouble: string | undefined = 'The consumer has not started yet.';

  constructor(
    private readonly bus: Bus,
    private readonly settler: MessageSettler,
    private readonly options: DurableOptions,
  ) {
    this.stream = streamName(options.domain);
    this.queue = new KeyedQueue(options.concurrency);
    this.backlog = new Backlog(this.labels, options.lateAfterMs, options.logger);
  }

  start(): void {
    this.running ??= runOutsideContext(() => this.loop());
  }

  /** Stops pulling, hands back what hasn't begun, and waits for the handlers at work. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.messages?.stop();
    await this.running;
    await this.queue.idle();
  }

  health(): CheckResult {
    return this.trouble === undefined ? READY : notReady(this.trouble, { stream: this.stream, durable: this.options.handler.durable });
  }

  /** How far the handler is behind, as the server has it; the age is that of the oldest event this replica was given. @throws when NATS doesn't answer */
  async lag(manager: JetStreamManager): Promise<Lag> {
    const info = await this.info(manager);
    return { pending: info.num_pending, unsettled: info.num_ack_pending, redelivered: info.num_redelivered, oldestMs: this.backlog.oldestMs(), isLate: this.backlog.isLate };
  }

  /** Looks whether the handler is late, and says so when that has changed. */
  async watch(): Promise<void> {
    // What is asked of the server only clears us of a false suspicion: without an answer it stands.
    if (this.backlog.looksLate && this.bus.connected) await this.info(await this.bus.jetStreamManager()).catch(() => {});
    this.backlog.judge();
  }

  get labels(): { readonly handler: string; readonly stream: string } {
    return { handler: this.options.handler.handler, stream: this.stream };
  }

  private async info(manager: JetStreamManager): Promise<ConsumerInfo> {
    const info = await manager.consumers.info(this.stream, this.options.handler.durable);
    this.backlog.correct(info);
    return info;
  }

  private async loop(): Promise<void> {
    // A message in work or waiting its turn must not be delivered to another replica meanwhile.
    const heartbeat = setInterval(() => this.inHand.forEach((message) => message.working()), this.options.ackWaitMs / 3);
    try {
      for (let failures = 0; !this.stopping.signal.aborted; ) {
        try {
          await this.consume(() => (failures = 0));
        } catch (error) {
          this.trouble = `The consumer can't run: ${errorText(error)}`;
          if (!this.bus.connected) await Promise.race([this.bus.connection(), pause(RETRY.maxMs, this.stopping.signal)]);
          else this.options.logger[failures < 3 ? 'debug' : 'warn']({ err: error, ...this.labels }, 'a consumer lost its stream and tries again');
        }
        failures += 1;
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
      await this.queue.idle();
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async consume(started: () => void): Promise<void> {
    const manager = await this.bus.jetStreamManager();
    const consumer = await this.ensure(manager);
    // Deleted streams and consumers end the iteration with an error, and so bring us back here to make them anew.
    this.messages = await consumer.consume({ max_messages: this.options.concurrency * 8, idle_heartbeat: 5_000, expires: 15_000, abort_on_missing_resource: true });
    if (this.stopping.signal.aborted) this.messages.stop();
    this.trouble = undefined;
    started();
    for await (const message of this.messages) this.take(message);
  }

  private take(message: JsMsg): void {
    if (this.stopping.signal.aborted) {
      message.nak();
      return;
    }
    const { handler } = this.options;
    this.inHand.add(message);
    this.backlog.note(message);
    const opened = openMessage(rawDelivery(message), handler);
    this.queue.push('event' in opened ? opened.entry.aggregateKey : `unreadable/${message.seq}`, async () => {
      await this.options.turnstile.pass(handler.handler, async () => {
        // Shutting down: what hasn't begun goes to another replica at once instead of after the acknowledgement time.
        if (this.stopping.signal.aborted) message.nak();
        else await this.settle(message, opened);
      });
      this.inHand.delete(message);
    });
  }

  private async settle(message: JsMsg, opened: OpenedMessage): Promise<void> {
    const { handler, settled, took } = this.options;
    const done = took.startTimer({ handler: handler.handler });
    const outcome = await this.settler.settle(message, handler, opened);
    settled.inc({ handler: handler.handler, outcome });
    done();
    if (outcome !== 'retried' && outcome !== 'early') this.backlog.settle(message);
  }

  private async ensure(manager: JetStreamManager): Promise<Consumer> {
    const { handler, domain, ackWaitMs } = this.options;
    const filters = [...handler.events.values()].filter((event) => event.domain === domain).map((event) => event.filter);
    const wanted: Partial<ConsumerConfig> & Pick<ConsumerConfig, 'ack_wait' | 'max_ack_pending'> = {
      ack_wait: ackWaitMs * 1_000_000,
      max_ack_pending: 1000,
      ...(filters.length === 1 && filters[0] !== undefined ? { filter_subject: filters[0] } : { filter_subjects: filters }),
    };
    const found = await manager.consumers.info(this.stream, handler.durable).catch((error: unknown) => {
      if (isApiError(error, CONSUMER_NOT_FOUND)) return undefined;
      throw error;
    });
    const info = !found
      ? await manager.consumers.add(this.stream, {
          ...wanted,
          durable_name: handler.durable,
          ack_policy: AckPolicy.Explicit,
          deliver_policy: DeliverPolicy.All,
          replay_policy: ReplayPolicy.Instant,
          // Tries are counted and ended by the inbox. The server's own limit would drop a message silently when a process dies in its last try.
          max_deliver: -1,
        })
      : same(found.config, wanted)
        ? found
        : await manager.consumers.update(this.stream, handler.durable, wanted);
    return this.bus.jetStream().consumers.getConsumerFromInfo(info);
  }
}

function same(found: ConsumerConfig, wanted: Partial<ConsumerConfig>): boolean {
  const filters = (config: Partial<ConsumerConfig>): string => JSON.stringify([...(config.filter_subjects ?? []), ...(config.filter_subject ? [config.filter_subject] : [])].sort());
  return found.ack_wait === wanted.ack_wait && found.max_ack_pending === wanted.max_ack_pending && filters(found) === filters(wanted);
}
