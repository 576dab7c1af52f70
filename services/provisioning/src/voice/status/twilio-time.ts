import { parameter, type Webhook } from '../webhooks/webhook.js';

/** When Twilio says that it happened (`Timestamp`, RFC 2822 or ISO 8601), as ISO 8601; undefined when it doesn't, or nothing that makes sense. */
export function timeIn(webhook: Webhook): string | undefined {
  const at = Date.parse(parameter(webhook, 'Timestamp') ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
