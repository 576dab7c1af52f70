import { createHmac } from 'node:crypto';

/** What one try of one message is signed over. */
export interface SignedMessage {
  /** The message: the same at every try. */
  readonly id: string;
  /** Of this try, seconds since the epoch: receivers refuse old ones. */
  readonly timestamp: number;
  readonly body: string;
}

type SignedHeader = 'webhook-id' | 'webhook-timestamp' | 'webhook-signature';

/**
 * The headers of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md): a signature `v1,<base64>`
 * per secret, HMAC-SHA256 over `id.timestamp.body` with the bytes behind `whsec_`; two secrets while one is being replaced.
 */
export function signedHeaders({ id, timestamp, body }: SignedMessage, secrets: readonly string[]): Record<SignedHeader, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${String(timestamp)}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
