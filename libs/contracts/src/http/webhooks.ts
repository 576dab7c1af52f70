import { z } from 'zod';
import { EVENTS } from '../events/catalogue.js';

const KNOWN = new Set(['*', ...EVENTS.flatMap((event) => [`${event.domain}.*`, event.type])]);

/** Which events: all (`*`), those of a domain (`calls.*`), or one type (`CallEnded.v1`). */
export const webhookTypesSchema = z
  .array(z.string().refine((type) => KNOWN.has(type), 'expected "*", a domain such as "calls.*", or an event type such as "CallEnded.v1"'))
  .min(1)
  .max(50);

const urlSchema = z.string().max(2_000).describe('Where events are sent: https, and not to a private address.');
const descriptionSchema = z.string().trim().max(200);

/** POST /api/tenants/{code}/webhooks */
export const addWebhookSchema = z.strictObject({ url: urlSchema, types: webhookTypesSchema.default(['*']), description: descriptionSchema.default('') });
/** PATCH /api/tenants/{code}/webhooks/{id} */
export const changeWebhookSchema = z.strictObject({
  url: urlSchema.optional(),
  types: webhookTypesSchema.optional(),
  description: descriptionSchema.optional(),
  enabled: z.boolean().optional().describe('True switches it on again; what came meanwhile is sent by a replay only.'),
});
/** POST /api/tenants/{code}/webhooks/{id}/replay */
export const replayWebhookSchema = z.strictObject({
  since: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }).optional(),
  delivered: z.boolean().default(false).describe('Also what was delivered already; else only what failed or was held.'),
});

export const webhookViewSchema = z.object({
  id: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  description: z.string(),
  disabled: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
  failingSince: z.iso.datetime().nullable(),
  lastSuccessAt: z.iso.datetime().nullable(),
  lastFailure: z.string().nullable(),
  oldSecretUntil: z.iso.datetime().nullable().describe('Until then the secret before the last rotation signs too.'),
  createdAt: z.iso.datetime(),
  secret: z.string().optional().describe('whsec_…: only in the answer that made or rotated it; shown once.'),
});
export const webhookListSchema = z.object({ webhooks: z.array(webhookViewSchema) });
export const webhookReplaySchema = z.object({ queued: z.int() });
export const webhookTestSchema = z.object({ delivered: z.boolean(), status: z.int().nullable(), reason: z.string().nullable(), tookMs: z.int() });
export const webhookDeliverySchema = z.object({
  id: z.string().describe('webhook-id: the id of the event, the same at every try and replay.'),
  type: z.string(),
  time: z.iso.datetime(),
  state: z.enum(['pending', 'delivered', 'failed', 'held']),
  attempts: z.int(),
  nextTryAt: z.iso.datetime().nullable(),
  lastStatus: z.int().nullable(),
  lastFailure: z.string().nullable(),
});
/** GET /api/tenants/{code}/webhooks/{id}/deliveries: the newest 100. */
export const webhookDeliveryListSchema = z.object({ deliveries: z.array(webhookDeliverySchema) });

export type AddWebhook = z.output<typeof addWebhookSchema>;
export type ChangeWebhook = z.output<typeof changeWebhookSchema>;
export type ReplayWebhook = z.output<typeof replayWebhookSchema>;
export type WebhookView = z.infer<typeof webhookViewSchema>;
export type WebhookDeliveryView = z.infer<typeof webhookDeliverySchema>;
