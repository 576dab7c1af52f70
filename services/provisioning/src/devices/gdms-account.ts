import type { GdmsRegion } from '@troncal/contracts';
import type { SealedSecret } from '@troncal/persistence';

/** An environment's account at GDMS. */
export interface GdmsAccount {
  readonly environment: string;
  readonly region: GdmsRegion;
  readonly apiId: string;
  readonly username: string;
  /** Null: the account's own. */
  readonly organization: number | null;
  readonly site: number | null;
  readonly secrets: SealedSecret;
  /** Grows with each change, and so tells a client of an earlier one. */
  readonly revision: number;
  readonly changedAt: Date;
}

/** Where each region is. Never from what somebody sent. */
export const GDMS_HOSTS: Readonly<Record<GdmsRegion, string>> = { us: 'https://www.gdms.cloud', eu: 'https://eu.gdms.cloud' };
