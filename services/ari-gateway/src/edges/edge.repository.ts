import type { Tx } from '@troncal/persistence';

export interface EdgeRow {
  readonly edgeId: string;
  readonly state: 'connected' | 'lost';
  readonly reason: string | null;
  readonly version: string | null;
  readonly changedAt: Date;
}

export interface Registration {
  readonly sipUser: string;
  readonly contacts: number;
  readonly userAgent: string | null;
}

/** Edges, and the phones and trunks that are reachable through them. */
export interface EdgeRepository {
  list(): Promise<EdgeRow[]>;
  put(tx: Tx, edge: Omit<EdgeRow, 'changedAt'>): Promise<void>;
  registrations(edgeId: string): Promise<Registration[]>;
  putRegistration(tx: Tx, edgeId: string, registration: Registration): Promise<void>;
  removeRegistration(tx: Tx, edgeId: string, sipUser: string): Promise<void>;
  /** True when the state is another one than before. */
  putTrunkState(tx: Tx, trunk: string, state: string): Promise<boolean>;
}

export const EDGE_REPOSITORY = Symbol('EdgeRepository');
