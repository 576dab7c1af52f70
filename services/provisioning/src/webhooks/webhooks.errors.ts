import { PermanentError } from '@troncal/kernel';
import { MOST_PER_TENANT } from './webhook.js';

export const unknownWebhook = (tenant: string, id: string): PermanentError =>
  new PermanentError('unknown_webhook', `The tenant "${tenant}" has no webhook ${id}.`, {
    status: 404,
    remedy: `GET /api/tenants/${tenant}/webhooks lists them.`,
  });

export const tooManyWebhooks = (tenant: string): PermanentError =>
  new PermanentError('too_many_webhooks', `The tenant "${tenant}" has ${String(MOST_PER_TENANT)} webhooks already.`, {
    status: 409,
    remedy: 'Remove one, or let one of them distribute.',
  });
