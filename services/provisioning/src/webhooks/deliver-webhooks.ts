import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, LOGGER, Schema } from '@troncal/chassis';
import { crashPoint } from '@troncal/config';
import { errorText, pause } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import type { ProvisioningConfig } from '../config.js';
import { DeliveryRepository, type ClaimedDelivery } from './deliveries.repository.js';
import { sendWebhook, type SendOutcome } from './send-webhook.js';
import { SettleFailedDelivery } from './settle-failed-delivery.js';
import { WebhookSecrets } from './webhook-secrets.js';

/** At work at once, in all and for one webhook. */
const AT_ONCE = 32;
const PER_WEBHOOK = 4;
const LOOK_EVERY_MS = 1_000;
const LOOK_AGAIN_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;
const REMEMBER_DAYS = 30;
/** What is under way at a shutdown has so long to be answered; then it is broken off, and sent again by whoever comes next. */
const SHUTDOWN_MS = 5_000;

/**
 * Sends what is due, in any number of replicas: each delivery is in one pair of hands at a time. A process that dies between sending and
 * noting it leaves the delivery to another after twice the timeout: a receiver may get a message twice, with the same id, and never misses
 * one.
 */
@Injectable()
export class DeliverWebhooks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly breakOff = new AbortController();
  private readonly stopped = new Promise<void>((resolve) => this.stopping.signal.addEventListener('abort', () => resolve(), { once: true }));
  private readonly inHand = new Map<string, number>();
  private readonly underWay = new Set<Promise<void>>();
  private nudge = Promise.withResolvers<void>();
  private running: Promise<void> | undefined;
  private forgotAt = 0;

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly failed: SettleFailedDelivery,
    private readonly secrets: WebhookSecrets,
    private readonly schema: Schema,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = runOutsideContext(() => this.loop());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.running;
    await Promise.race([Promise.all(this.underWay), pause(SHUTDOWN_MS)]);
    this.breakOff.abort();
    await Promise.all(this.underWay);
  }

  /** There is something to send. */
  wake(): void {
    this.nudge.resolve();
  }

  private async loop(): Promise<void> {
    await Promise.race([this.schema.ready(), this.stopped]);
    while (!this.stopping.signal.aborted) {
      this.nudge = Promise.withResolvers<void>();
      const found = await this.look().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'it could not be looked up which webhooks are due; it is tried again');
        return undefined;
      });
      if (found === undefined) await pause(LOOK_AGAIN_MS, this.stopping.signal);
      else if (found === 0) await Promise.race([this.nudge.promise, pause(LOOK_EVERY_MS, this.stopping.signal)]);
    }
  }

  /** Takes what is due into hand; how many. */
  private async look(): Promise<number> {
    if (Date.now() - this.forgotAt > FORGET_EVERY_MS) {
      this.forgotAt = Date.now();
      await this.deliveries.forget(REMEMBER_DAYS);
    }
    const most = AT_ONCE - this.underWay.size;
    if (most <= 0) {
      await Promise.race(this.underWay);
      return this.underWay.size;
    }
    const busy = [...this.inHand].filter(([, count]) => count >= PER_WEBHOOK).map(([webhook]) => webhook);
    const claimed = await this.deliveries.claim({ most, perWebhook: PER_WEBHOOK, leaseSeconds: 2 * this.config.WEBHOOK_TIMEOUT_SECONDS, except: busy });
    for (const delivery of claimed) this.begin(delivery);
    return claimed.length;
  }

  private begin(claimed: ClaimedDelivery): void {
    const { webhook } = claimed;
    this.inHand.set(webhook, (this.inHand.get(webhook) ?? 0) + 1);
    const work = this.deliver(claimed)
      .catch((error: unknown) => {
        this.logger.warn({ err: error, webhook, event: claimed.eventId }, 'what became of a webhook could not be noted; it is sent again');
      })
      .finally(() => {
        const left = (this.inHand.get(webhook) ?? 1) - 1;
        if (left > 0) this.inHand.set(webhook, left);
        else this.inHand.delete(webhook);
        this.underWay.delete(work);
        this.wake();
      });
    this.underWay.add(work);
  }

  private async deliver(claimed: ClaimedDelivery): Promise<void> {
    const outcome = await this.send(claimed);
    crashPoint('webhook.after-send');
    // Broken off at a shutdown: nobody knows what the receiver has got, so the lease is left to run out.
    if (!outcome.delivered && this.breakOff.signal.aborted) return;
    if (outcome.delivered) await this.deliveries.delivered(claimed, outcome.status);
    else await this.failed.run(claimed, outcome);
    crashPoint('webhook.after-mark');
  }

  private async send({ webhook, tenant, url, secrets, eventId, body }: ClaimedDelivery): Promise<SendOutcome> {
    try {
      const opened = secrets.map((secret) => this.secrets.open(tenant, webhook, secret));
      const limits = { timeoutMs: this.config.WEBHOOK_TIMEOUT_SECONDS * 1_000, allowPrivate: this.config.WEBHOOK_ALLOW_PRIVATE };
      return await sendWebhook({ url, id: eventId, body, secrets: opened }, limits, this.breakOff.signal);
    } catch (error) {
      this.logger.error({ err: error, webhook }, 'a webhook could not be signed');
      return { delivered: false, status: null, reason: errorText(error), gone: false };
    }
  }
}
