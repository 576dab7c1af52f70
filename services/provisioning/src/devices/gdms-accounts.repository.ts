import type { SealedSecret } from '@troncal/persistence';
import type { GdmsAccount } from './gdms-account.js';

/** Keeps the accounts at GDMS, one for an environment at most. */
export abstract class GdmsAccountRepository {
  abstract find(environment: string): Promise<GdmsAccount | undefined>;
  /** In place of the one before. @returns undefined when there is no such environment */
  abstract put(account: Omit<GdmsAccount, 'revision' | 'changedAt'>): Promise<GdmsAccount | undefined>;
  /** @returns whether there was one */
  abstract remove(environment: string): Promise<boolean>;
  /** Those that another key opens. */
  abstract sealedOtherwise(keyId: string): Promise<GdmsAccount[]>;
  /** Unless it was changed meanwhile. */
  abstract reseal(account: GdmsAccount, secrets: SealedSecret): Promise<void>;
}
