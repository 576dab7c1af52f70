import { z } from 'zod';
import { defineEvent } from '../../envelope/define-event.js';

/** Events are sent to a tenant's own system no more. */
export const WebhookDisabledV1 = defineEvent({
  name: 'WebhookDisabled',
  version: 1,
  domain: 'tenants',
  aggregate: 'webhook',
  producers: ['provisioning'],
  consumers: [],
  summary: 'A webhook of a tenant was switched off because its receiver failed for days or said it is gone; what comes from now on is kept for a replay.',
  data: z.object({
    webhook: z.string(),
    host: z.string().describe('Where it went to, without path and query: those may hold secrets.'),
    reason: z.string(),
    failingSince: z.iso.datetime().nullable(),
  }),
  example: { webhook: '01K9ZQ4W2M6T8N0B3C5D7E9F1G', host: 'crm.example.com', reason: 'it answered 503 to every try of 3 days', failingSince: '2026-11-27T10:00:00.000Z' },
});
