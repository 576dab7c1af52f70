import type { LeaseBoard } from '@troncal/messaging';
import type { GatewayConfig } from '../config.js';
import { EdgeHolding } from './edge-holding.js';
import { edgeOfSettings, type EdgeRecord } from './edge-record.js';
import type { EdgeSessions } from './edge-sessions.js';
import type { GatewayParts } from './gateway-parts.js';
import type { Replica } from './replica.js';

/** Contends for every edge that concerns this replica. */
export class EdgeKeeper {
  private readonly holdings = new Map<string, EdgeHolding>();
  constructor(
    private readonly sessions: EdgeSessions,
    private readonly parts: GatewayParts,
    private readonly board: LeaseBoard,
    private readonly replica: Replica,
    private readonly config: GatewayConfig,
  ) {}

  /** Begins to contend; returns at once. */
  start(): void {
    if (this.sessions.leftOut !== undefined) return;
    this.contend(edgeOfSettings(this.config));
  }

  /** Why this replica isn't ready, one sentence per edge; an edge in another replica's hands is no reason. */
  faults(): string[] {
    return [...this.holdings.values()].flatMap((holding) => holding.fault ?? []);
  }

  /** The holding of an edge that concerns this replica. */
  of(edgeId: string): EdgeHolding | undefined {
    return this.holdings.get(edgeId);
  }

  /** Lets go of every Asterisk; the leases stay. */
  letGo(): void {
    for (const holding of this.holdings.values()) holding.letGo();
  }

  /** Gives the leases up, so that a standby takes over at once. */
  async release(): Promise<void> {
    await Promise.all([...this.holdings.values()].map((holding) => holding.release()));
  }

  private contend(record: EdgeRecord): void {
    const { EDGES } = this.config;
    if (this.holdings.has(record.edgeId) || (EDGES.length > 0 && !EDGES.includes(record.edgeId))) return;
    const holding = new EdgeHolding(record, { board: this.board, replica: this.replica, sessions: this.sessions, parts: this.parts });
    this.holdings.set(record.edgeId, holding);
    holding.start();
  }
}
