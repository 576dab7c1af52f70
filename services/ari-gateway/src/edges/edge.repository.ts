import type { Tx } from '@troncal/persistence';

export interface EdgeRow {
  readonly edgeId: string;
  readonly state: 'declared' | 'connected' | 'lost';
  readonly reason: string | null;
  readonly version: string | null;
  readonly changedAt: Date;
  /** How many owners it has had: the newest one's fencing token. */
  readonly epoch: number;
  readonly holder: string | null;
  readonly url: string | null;
}

/** The ownership in which something is written. */
export interface Tenure {
  readonly edgeId: string;
  readonly epoch: number;
}

export interface Registration {
  readonly sipUser: string;
  readonly contacts: number;
  readonly userAgent: string | null;
}

/** Edges, and the phones and trunks that are reachable through them. */
export interface EdgeRepository {
  list(): Promise<EdgeRow[]>;
  put(tx: Tx, edge: Pick<EdgeRow, 'edgeId' | 'state' | 'reason' | 'version'>): Promise<void>;
  /** The newest owner's epoch; 0 for an edge that never had one. */
  epoch(edgeId: string): Promise<number>;
  /** Makes us the owner: from its commit on every earlier owner's writes are refused. False when there is a newer one. */
  own(tenure: Tenure, holder: { readonly name: string; readonly url: string }): Promise<boolean>;
  /** Whether we are the owner, until the end of the transaction. */
  owns(tx: Tx, tenure: Tenure): Promise<boolean>;
  /** How many calls are live at each edge, as far as was stored; of one tenant, or of all. */
  liveCalls(tenant?: string): Promise<ReadonlyMap<string, number>>;
  /** The edges at which a phone is registered. */
  homesOf(sipUser: string): Promise<string[]>;
  registrations(edgeId: string): Promise<Registration[]>;
  putRegistration(tx: Tx, edgeId: string, registration: Registration): Promise<void>;
  removeRegistration(tx: Tx, edgeId: string, sipUser: string): Promise<void>;
  /** True when the state is another one than before. */
  putTrunkState(tx: Tx, trunk: string, state: string): Promise<boolean>;
}

export const EDGE_REPOSITORY = Symbol('EdgeRepository');
