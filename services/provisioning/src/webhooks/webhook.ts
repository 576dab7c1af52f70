import { randomBytes } from 'node:crypto';
import type { EventOf } from '@troncal/contracts';

/** A system of a tenant that is told of the tenant's events. */
export interface Webhook {
  readonly id: string;
  readonly tenant: string;
  readonly url: string;
  /** `*`, `calls.*`, `CallEnded.v1`. */
  readonly types: readonly string[];
  readonly description: string;
  readonly disabled: { readonly at: Date; readonly reason: string } | null;
  /** When the first try of an unbroken row of failures was. */
  readonly failingSince: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly lastFailure: string | null;
  readonly oldSecretUntil: Date | null;
  readonly createdAt: Date;
}

/** How long the secret before a rotation goes on signing: a day to put the new one in place. */
export const OLD_SECRET_HOURS = 24;

/** A webhook may have so many; beyond that a tenant distributes by itself. */
export const MOST_PER_TENANT = 20;

/** `whsec_` and 32 random bytes in base64 (Standard Webhooks: 24 to 64 bytes). */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** What a webhook may have written to get an event of this type and domain. */
export const patternsFor = (domain: string, type: string): readonly string[] => ['*', `${domain}.*`, type];

/** What is sent for an event, as Standard Webhooks has it: `type`, `timestamp`, `data`, and beside them what tells where the event belongs. */
export function bodyOf(event: EventOf<unknown>): string {
  const { type, time, data, id, tenantid, subject, sequence, correlationid } = event;
  return JSON.stringify({ type, timestamp: time, data, id, tenant: tenantid, subject, sequence, correlationId: correlationid });
}

/**
 * When a failed delivery is tried next: the wait of this many failures, a tenth more or less so that not all of an outage come back at
 * once. Undefined after the last.
 * @param random in [0, 1)
 */
export function nextWaitMs(waitsSeconds: readonly number[], failures: number, random: number = Math.random()): number | undefined {
  const wait = waitsSeconds[failures - 1];
  return wait === undefined ? undefined : Math.round(wait * 1_000 * (0.9 + 0.2 * random));
}
