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

/** Who owns an edge. */
export interface Holder {
  readonly name: string;
  readonly url: string;
  /** The edge is one that was declared, and exists only as long as it is. */
  readonly declared?: boolean;
}

/** What was known of an edge until it was removed. */
export interface RemovedEdge {
  readonly wasConnected: boolean;
  /** Phones that were registered there. */
  readonly sipUsers: readonly string[];
}

export interface Registration {
  readonly sipUser: string;
  readonly contacts: number;
  readonly userAgent: string | null;
}

/** Edges, and the phones and trunks that are reachable through them. */
export interface EdgeRepository {
  /** Every edge that is declared or is of a gateway's settings, whether or not anybody has owned it yet. */
  list(): Promise<EdgeRow[]>;
  /** What its owner knows of it. An edge that was removed meanwhile stays removed. */
  put(tx: Tx, edge: Pick<EdgeRow, 'edgeId' | 'state' | 'reason' | 'version'>): Promise<void>;
  /** The newest owner's epoch; 0 for an edge that never had one. */
  epoch(edgeId: string): Promise<number>;
  /**
   * Makes us the owner: from its commit on every earlier owner's writes are refused.
   * @returns the state that was known until then; undefined when there is a newer owner, or the edge must be declared (`Holder.declared`) and isn't
   */
  own(tenure: Tenure, holder: Holder): Promise<EdgeRow['state'] | undefined>;
  /**
   * Takes an edge from whoever owns it, for good: from its commit on the owner's writes are refused. Who is registered there is forgotten, and told by
   * what is returned. Undefined, and nothing done, when calls are live on it.
   */
  remove(tx: Tx, edgeId: string): Promise<RemovedEdge | undefined>;
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
