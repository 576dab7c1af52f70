import type { SealedSecret, Tx } from '@troncal/persistence';
import type { WebhookDeliveryView } from '@troncal/contracts';

/** An event as it is queued for the webhooks that want it. */
export interface QueuedEvent {
  readonly id: string;
  readonly tenant: string;
  readonly type: string;
  readonly time: Date;
  readonly body: string;
  /** A webhook that has written one of these gets it. */
  readonly patterns: readonly string[];
}

/** A delivery in somebody's hands: nobody else sends it until `lease`. */
export interface ClaimedDelivery {
  readonly webhook: string;
  readonly tenant: string;
  readonly url: string;
  readonly secrets: readonly SealedSecret[];
  readonly eventId: string;
  readonly body: string;
  /** This try among them. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly lease: Date;
}

/** What to take at most. */
export interface ClaimLimits {
  readonly most: number;
  readonly perWebhook: number;
  readonly leaseSeconds: number;
  /** Webhooks that have enough in hand. */
  readonly except: readonly string[];
}

export interface ReplayRange {
  readonly since: Date;
  readonly until: Date | null;
  readonly delivered: boolean;
}

/** The queue of what is to be sent to webhooks, and the memory of what was. */
export abstract class DeliveryRepository {
  /** Queues an event once for each webhook that wants it, held for one that is off; how many can be sent now. */
  abstract queue(tx: Tx, event: QueuedEvent): Promise<number>;
  /** Takes what is due into hand and counts the try, so that one which kills the process counts too. */
  abstract claim(limits: ClaimLimits): Promise<ClaimedDelivery[]>;
  abstract delivered(claimed: ClaimedDelivery, status: number): Promise<void>;
  /** Puts it back for later, unless it is in other hands by now. */
  abstract failed(claimed: ClaimedDelivery, failure: string, status: number | null, waitMs: number): Promise<void>;
  /** No further try. */
  abstract givenUp(tx: Tx, claimed: ClaimedDelivery, failure: string, status: number | null): Promise<void>;
  /** Puts what failed or was held, or all, back at the beginning; how many. */
  abstract replay(webhook: string, range: ReplayRange): Promise<number>;
  abstract list(webhook: string, limit: number): Promise<WebhookDeliveryView[]>;
  abstract forget(days: number): Promise<void>;
}
