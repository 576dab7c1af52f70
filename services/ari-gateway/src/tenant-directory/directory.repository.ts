import type { Tx } from '@troncal/persistence';
import type { DirectoryChange } from './directory-facts.js';

/** An endpoint whose digest is missing or older than its credential. */
export interface MissingDigest {
  readonly tenant: string;
  readonly extension: string;
}

/** A digest as Asterisk needs it: ha1 = MD5(user:realm:password). */
export interface StoredDigest {
  readonly ha1: string;
  readonly realm: string;
  readonly credentialRevision: number;
}

/** Where the tenant directory is kept. */
export interface DirectoryRepository {
  /** Everything that is there, tombstones left out, as changes for the memory. */
  all(): Promise<DirectoryChange[]>;
  /** Stores a change; false when what is there is as new or newer. */
  apply(tx: Tx, change: DirectoryChange): Promise<boolean>;
  missingDigests(limit: number): Promise<MissingDigest[]>;
  /** Keeps a digest, unless a newer one is there. */
  storeDigest(endpoint: MissingDigest, digest: StoredDigest): Promise<void>;
}
