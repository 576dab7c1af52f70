import { Controller, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { AnswersSecret, Body, Caller, Params, type CallerFacts } from '@troncal/chassis';
import {
  addWebhookSchema, changeWebhookSchema, replayWebhookSchema, tenantCodeSchema, type AddWebhook, type ChangeWebhook, type ReplayWebhook, type webhookDeliveryListSchema,
  type webhookListSchema, type webhookReplaySchema, type webhookTestSchema, type WebhookView,
} from '@troncal/contracts';
import { z } from 'zod';
import { requireOwn } from '../tenants/own-tenant.js';
import type { Webhook } from './webhook.js';
import { WebhookDesk } from './webhook-desk.js';

const tenantPath = z.object({ tenant: tenantCodeSchema });
const webhookPath = tenantPath.extend({ id: z.string().max(40) });
type TenantPath = z.output<typeof tenantPath>;
type Path = z.output<typeof webhookPath>;
const noBody = z.strictObject({}).optional();

/** Webhooks of a tenant over HTTP. A secret stands in the one answer that made it. */
@Controller('api/tenants/:tenant/webhooks')
export class WebhooksController {
  constructor(private readonly desk: WebhookDesk) {}

  @Get()
  async list(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: TenantPath): Promise<z.output<typeof webhookListSchema>> {
    requireOwn(caller, tenant);
    return { webhooks: (await this.desk.list(tenant)).map((webhook) => viewOf(webhook)) };
  }

  @Post()
  @HttpCode(201)
  @AnswersSecret()
  async add(@Caller() caller: CallerFacts, @Params(tenantPath) { tenant }: TenantPath, @Body(addWebhookSchema) body: AddWebhook): Promise<WebhookView> {
    requireOwn(caller, tenant);
    const { webhook, secret } = await this.desk.add(tenant, body);
    return viewOf(webhook, secret);
  }

  @Get(':id')
  async show(@Caller() caller: CallerFacts, @Params(webhookPath) { tenant, id }: Path): Promise<WebhookView> {
    requireOwn(caller, tenant);
    return viewOf(await this.desk.find(tenant, id));
  }

  @Patch(':id')
  async change(@Caller() caller: CallerFacts, @Params(webhookPath) { tenant, id }: Path, @Body(changeWebhookSchema) body: ChangeWebhook): Promise<WebhookView> {
    requireOwn(caller, tenant);
    return viewOf(await this.desk.change(tenant, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Caller() caller: CallerFacts, @Params(webhookPath) { tenant, id }: Path): Promise<void> {
    requireOwn(caller, tenant);
    await this.desk.remove(tenant, id);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  @AnswersSecret()
  async rotate(@Caller() caller: CallerFacts, @Params(webhookPath) { tenant, id }: Path, @Body(noBody) _body: unknown): Promise<WebhookView> {
    requireOwn(caller, tenant);
    const { webhook, secret } = await this.desk.rotate(tenant, id);
    return viewOf(webhook, secret);
  }

  @Post(':id/test')
  @HttpCode(200)
  async test(
    @Caller() caller: CallerFacts,
    @Params(webhookPath) { tenant, id }: Path,
    @Body(noBody) _body: unknown,
  ): Promise<z.output<typeof webhookTestSchema>> {
    requireOwn(caller, tenant);
    return this.desk.test(tenant, id);
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replay(
    @Caller() caller: CallerFacts,
    @Params(webhookPath) { tenant, id }: Path,
    @Body(replayWebhookSchema) body: ReplayWebhook,
  ): Promise<z.output<typeof webhookReplaySchema>> {
    requireOwn(caller, tenant);
    return { queued: await this.desk.replay(tenant, id, body) };
  }

  @Get(':id/deliveries')
  async deliveries(@Caller() caller: CallerFacts, @Params(webhookPath) { tenant, id }: Path): Promise<z.output<typeof webhookDeliveryListSchema>> {
    requireOwn(caller, tenant);
    return { deliveries: await this.desk.deliveries(tenant, id) };
  }
}

function viewOf(webhook: Webhook, secret?: string): WebhookView {
  const { id, url, types, description, disabled, failingSince, lastSuccessAt, lastFailure, oldSecretUntil, createdAt } = webhook;
  return {
    id,
    url,
    types: [...types],
    description,
    disabled: disabled && { at: disabled.at.toISOString(), reason: disabled.reason },
    failingSince: failingSince?.toISOString() ?? null,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastFailure,
    oldSecretUntil: oldSecretUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    ...(secret !== undefined && { secret }),
  };
}
