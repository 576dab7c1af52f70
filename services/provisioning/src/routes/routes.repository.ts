import type { Tx } from '@troncal/persistence';
import type { StoredRoute } from './route.js';

/** Keeps routes. What takes a transaction wants the tenant locked in it. */
export abstract class RouteRepository {
  abstract find(tenant: string, code: string): Promise<StoredRoute | undefined>;
  /** In order of their code. */
  abstract list(tenant: string): Promise<StoredRoute[]>;
  abstract findIn(tx: Tx, tenant: string, code: string): Promise<StoredRoute | undefined>;
  abstract listIn(tx: Tx, tenant: string): Promise<StoredRoute[]>;
  /** Code of the route that this extension reaches. */
  abstract codeAt(tx: Tx, tenant: string, extension: string): Promise<string | undefined>;
  abstract pastRevision(tx: Tx, tenant: string, code: string): Promise<number>;
  /** Inserts it, or puts it in the place of the one under its code. */
  abstract save(tx: Tx, route: StoredRoute): Promise<void>;
  /** @param route as it stood, with the revision that tells of its end */
  abstract remove(tx: Tx, route: StoredRoute): Promise<void>;
}
