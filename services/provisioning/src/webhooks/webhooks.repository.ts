import type { SealedSecret, Tx } from '@troncal/persistence';
import type { Webhook } from './webhook.js';

/** The secrets that sign now: the newest, and while it lasts the one before. */
export interface WebhookWithSecrets {
  readonly webhook: Webhook;
  readonly secrets: readonly SealedSecret[];
}

/** What of a webhook its owner may change. */
export type WebhookChange = Partial<Pick<Webhook, 'url' | 'types' | 'description'>> & { readonly enabled?: boolean };

/** Keeps webhooks and their sealed secrets. */
export abstract class WebhookRepository {
  abstract list(tenant: string): Promise<Webhook[]>;
  abstract find(tenant: string, id: string): Promise<WebhookWithSecrets | undefined>;
  /** False when the tenant has `most` of them already, also when many are added at once. */
  abstract insert(webhook: Webhook, secret: SealedSecret, most: number): Promise<boolean>;
  /** Undefined when there is none. Switching it on forgets its failures. */
  abstract change(tenant: string, id: string, change: WebhookChange): Promise<Webhook | undefined>;
  /** The secret until now goes on signing for so many hours; one that was still doing so stops. Undefined when there is no such webhook. */
  abstract rotate(tenant: string, id: string, secret: SealedSecret, oldHours: number): Promise<Webhook | undefined>;
  /** With all that was to be delivered to it. */
  abstract remove(tenant: string, id: string): Promise<boolean>;
  abstract removeAllOf(tx: Tx, tenant: string): Promise<void>;
  /** Switches it off, and holds what was still to be sent; undefined when it was off already, or has delivered something since. */
  abstract disable(tx: Tx, id: string, reason: string, unlessDeliveredSince: Date | null): Promise<Webhook | undefined>;
  /** Secrets that still sign and are sealed with another key than this. */
  abstract sealedOtherwise(keyId: string): Promise<{ readonly tenant: string; readonly id: string; readonly secret: SealedSecret }[]>;
  /** Puts the same secret under another seal, unless it was rotated meanwhile. */
  abstract reseal(id: string, from: SealedSecret, to: SealedSecret): Promise<void>;
}
