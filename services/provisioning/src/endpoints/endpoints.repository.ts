import type { Tx } from '@troncal/persistence';
import type { SealedCredential } from '../credentials/credential-vault.js';
import type { Endpoint, EndpointPast } from './endpoint.js';

/** An endpoint with its sealed password. */
export interface EndpointWithCredential {
  readonly endpoint: Endpoint;
  readonly credential: SealedCredential;
}

/** Keeps endpoints and their sealed passwords. What takes a transaction wants the tenant locked in it. */
export abstract class EndpointRepository {
  abstract find(tenant: string, extension: string): Promise<EndpointWithCredential | undefined>;
  /** In order of their extension. */
  abstract list(tenant: string): Promise<Endpoint[]>;
  abstract findIn(tx: Tx, tenant: string, extension: string): Promise<Endpoint | undefined>;
  abstract listIn(tx: Tx, tenant: string): Promise<Endpoint[]>;
  abstract past(tx: Tx, tenant: string, extension: string): Promise<EndpointPast>;
  abstract insert(tx: Tx, endpoint: Endpoint, credential: SealedCredential): Promise<void>;
  abstract update(tx: Tx, endpoint: Endpoint): Promise<void>;
  abstract updateCredential(tx: Tx, endpoint: Endpoint, credential: SealedCredential): Promise<void>;
  /** @param endpoint as it stood, with the revision that tells of its end */
  abstract remove(tx: Tx, endpoint: Endpoint): Promise<void>;
  /** Up to `limit` endpoints of any tenant whose password is sealed with another key than this, in order, after the one given. */
  abstract sealedOtherwise(keyId: string, limit: number, after?: Endpoint): Promise<EndpointWithCredential[]>;
  /** Puts the same password under another seal, unless it was rotated meanwhile. */
  abstract reseal(endpoint: Endpoint, credential: SealedCredential): Promise<void>;
}
