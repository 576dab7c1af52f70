import type { Tx } from '@troncal/persistence';
import type { IssuedSheet, TakenBy } from './issued-sheet.js';

/** Keeps what was issued, never what it hands over. */
export abstract class SheetRepository {
  abstract insert(tx: Tx, sheet: IssuedSheet, tokenHash: Buffer): Promise<void>;
  abstract findByToken(tokenHash: Buffer): Promise<IssuedSheet | undefined>;
  /** The newest first. */
  abstract list(tenant: string, limit: number): Promise<IssuedSheet[]>;
  /** Uses a link up, if it still was good: of any number of takers at once one gets true. */
  abstract take(tx: Tx, id: string, by: TakenBy): Promise<boolean>;
  /** Makes an open link good for nothing; undefined when the tenant has none of this id. What is taken, expired or revoked stays so. */
  abstract revoke(tenant: string, id: string): Promise<IssuedSheet | undefined>;
  /** Forgets what ended so many days ago. */
  abstract forget(tx: Tx, tenant: string, days: number): Promise<void>;
}
