import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, CONFIG } from '@troncal/chassis';
import type { AddWebhook, ChangeWebhook, ReplayWebhook, WebhookDeliveryView, webhookTestSchema } from '@troncal/contracts';
import { newId, type Clock } from '@troncal/kernel';
import type { z } from 'zod';
import type { ProvisioningConfig } from '../config.js';
import { DeliverWebhooks } from './deliver-webhooks.js';
import { DeliveryRepository } from './deliveries.repository.js';
import { sendWebhook } from './send-webhook.js';
import { MOST_PER_TENANT, newWebhookSecret, OLD_SECRET_HOURS, type Webhook } from './webhook.js';
import { webhookUrl } from './webhook-address.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { tooManyWebhooks, unknownWebhook } from './webhooks.errors.js';
import { WebhookRepository, type WebhookWithSecrets } from './webhooks.repository.js';

/** A webhook with a secret that was just made; told this once. */
export interface WebhookWithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
}

const LISTED = 100;

/**
 * What a tenant can have done with its webhooks; each is one statement, so one class has them all. Every method on one webhook throws
 * PermanentError `unknown_webhook`.
 */
@Injectable()
export class WebhookDesk {
  constructor(
    private readonly webhooks: WebhookRepository,
    private readonly queue: DeliveryRepository,
    private readonly secrets: WebhookSecrets,
    private readonly deliver: DeliverWebhooks,
    @Inject(CONFIG) private readonly config: ProvisioningConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(tenant: string): Promise<Webhook[]> {
    return this.webhooks.list(tenant);
  }

  async find(tenant: string, id: string): Promise<Webhook> {
    return (await this.whole(tenant, id)).webhook;
  }

  /** @throws PermanentError `bad_webhook_url`, `too_many_webhooks` */
  async add(tenant: string, { url, types, description }: AddWebhook): Promise<WebhookWithSecret> {
    const id = newId();
    const secret = newWebhookSecret();
    const webhook: Webhook = {
      id,
      tenant,
      url: webhookUrl(url, this.config.WEBHOOK_ALLOW_PRIVATE).href,
      types,
      description,
      disabled: null,
      failingSince: null,
      lastSuccessAt: null,
      lastFailure: null,
      oldSecretUntil: null,
      createdAt: this.clock.date(),
    };
    if (!(await this.webhooks.insert(webhook, this.secrets.seal(tenant, id, secret), MOST_PER_TENANT))) throw tooManyWebhooks(tenant);
    return { webhook, secret };
  }

  /** @throws PermanentError `bad_webhook_url` */
  async change(tenant: string, id: string, { url, types, description, enabled }: ChangeWebhook): Promise<Webhook> {
    const changed = await this.webhooks.change(tenant, id, {
      ...(url !== undefined && { url: webhookUrl(url, this.config.WEBHOOK_ALLOW_PRIVATE).href }),
      ...(types !== undefined && { types }),
      ...(description !== undefined && { description }),
      ...(enabled !== undefined && { enabled }),
    });
    if (!changed) throw unknownWebhook(tenant, id);
    this.deliver.wake();
    return changed;
  }

  async rotate(tenant: string, id: string): Promise<WebhookWithSecret> {
    const secret = newWebhookSecret();
    const webhook = await this.webhooks.rotate(tenant, id, this.secrets.seal(tenant, id, secret), OLD_SECRET_HOURS);
    if (!webhook) throw unknownWebhook(tenant, id);
    return { webhook, secret };
  }

  async remove(tenant: string, id: string): Promise<void> {
    if (!(await this.webhooks.remove(tenant, id))) throw unknownWebhook(tenant, id);
  }

  /** Queues again, under the same ids; how many. What is in no delivery, such as events from before the webhook was there, can't be replayed. */
  async replay(tenant: string, id: string, { since, until, delivered }: ReplayWebhook): Promise<number> {
    await this.whole(tenant, id);
    const queued = await this.queue.replay(id, { since: new Date(since), until: until === undefined ? null : new Date(until), delivered });
    this.deliver.wake();
    return queued;
  }

  async deliveries(tenant: string, id: string): Promise<WebhookDeliveryView[]> {
    await this.whole(tenant, id);
    return this.queue.list(id, LISTED);
  }

  /** Sends a message of the type `webhook.test` now, past the queue and also to one that is off, and says how it went. */
  async test(tenant: string, id: string): Promise<z.output<typeof webhookTestSchema>> {
    const { webhook, secrets } = await this.whole(tenant, id);
    const message = `test_${newId()}`;
    const body = JSON.stringify({ type: 'webhook.test', timestamp: this.clock.date().toISOString(), data: { webhook: id }, id: message, tenant });
    const opened = secrets.map((secret) => this.secrets.open(tenant, id, secret));
    const began = performance.now();
    const limits = { timeoutMs: Math.min(this.config.WEBHOOK_TIMEOUT_SECONDS, 10) * 1_000, allowPrivate: this.config.WEBHOOK_ALLOW_PRIVATE };
    const outcome = await sendWebhook({ url: webhook.url, id: message, body, secrets: opened }, limits);
    const { delivered, status } = outcome;
    return { delivered, status, reason: outcome.delivered ? null : outcome.reason, tookMs: Math.round(performance.now() - began) };
  }

  private async whole(tenant: string, id: string): Promise<WebhookWithSecrets> {
    const found = await this.webhooks.find(tenant, id);
    if (!found) throw unknownWebhook(tenant, id);
    return found;
  }
}
