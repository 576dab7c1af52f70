import type { SealedSecret } from '@troncal/persistence';

/** A phone's user at Twilio. `next` is a password on its way to be in force; `last` the one before, to go back to. */
export interface SipUser {
  readonly environment: string;
  readonly tenant: string;
  readonly extension: string;
  readonly username: string;
  /** The credential list that it's in. */
  readonly list: string;
  /** `wanted`: not seen at Twilio yet. */
  readonly state: 'wanted' | 'provisioned';
  readonly credentialRevision: number;
  /** null for one that was taken over: only its phone knows it. */
  readonly password: SealedSecret | null;
  readonly next: SealedSecret | null;
  readonly last: SealedSecret | null;
}

/** What identifies one. */
export type SipUserKey = Pick<SipUser, 'environment' | 'tenant' | 'extension'>;
