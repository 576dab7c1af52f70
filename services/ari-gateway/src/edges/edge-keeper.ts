import { errorText } from '@troncal/kernel';
import type { LeaseBoard } from '@troncal/messaging';
import { isDatabaseAway, untilAnswered } from '@troncal/persistence';
import type { GatewayConfig } from '../config.js';
import type { ReplicaSignals } from '../replicas/replica-signals.js';
import type { EdgeDeclarations } from './edge-declarations.js';
import { EdgeHolding } from './edge-holding.js';
import { edgeOfDeclaration, edgeOfSettings, type EdgeRecord } from './edge-record.js';
import type { EdgeSessions } from './edge-sessions.js';
import type { GatewayParts } from './gateway-parts.js';
import type { Replica } from './replica.js';

export const EDGES_TOPIC = 'edges';

/** What the keeper contends with and for. */
export interface KeeperPorts {
  readonly parts: GatewayParts;
  readonly board: LeaseBoard;
  readonly declarations: EdgeDeclarations;
  readonly signals: ReplicaSignals;
}

/** Contends for every edge that concerns this replica: the one of its settings, and those that are declared. */
export class EdgeKeeper {
  private readonly holdings = new Map<string, { readonly holding: EdgeHolding; readonly revision: number }>();
  private reading: Promise<void> = Promise.resolve();
  private prepared: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(
    private readonly sessions: EdgeSessions,
    private readonly ports: KeeperPorts,
    private readonly replica: Replica,
    private readonly config: GatewayConfig,
  ) {}

  /**
   * Begins to contend, and follows what is declared later. Needs the database.
   * @param prepared resolves when there is all that a session needs: what is won before is held, and opened then; or given up, when it rejects
   */
  async start(prepared: Promise<void>): Promise<void> {
    this.prepared = prepared;
    if (this.sessions.leftOut !== undefined) return;
    this.contend(edgeOfSettings(this.config), 0);
    this.ports.signals.on(EDGES_TOPIC, () => this.readAnew());
    await untilAnswered(() => this.readAnew(), this.closing.signal, this.ports.parts.logger);
  }

  /** Takes up what was declared or changed, and lets go of what was removed. */
  readAnew(): Promise<void> {
    const next = this.reading.then(() => this.follow());
    this.reading = next.catch(() => {});
    return next;
  }

  /** What this replica lacks, one sentence per edge: at the edge of its settings, and at those that were declared. An edge in another replica's hands is no lack. */
  faults(): { readonly ofSettings: string[]; readonly declared: string[] } {
    const holdings = [...this.holdings.values()].map(({ holding }) => holding);
    const faultsOf = (declared: boolean): string[] => holdings.filter((holding) => holding.declared === declared).flatMap((holding) => holding.fault ?? []);
    return { ofSettings: faultsOf(false), declared: faultsOf(true) };
  }

  /** Lets go of every Asterisk; the leases stay. */
  letGo(): void {
    this.closing.abort();
    for (const { holding } of this.holdings.values()) holding.letGo();
  }

  /** Gives the leases up, so that a standby takes over at once. */
  async release(): Promise<void> {
    await Promise.all([...this.holdings.values()].map(({ holding }) => holding.release()));
  }

  private async follow(): Promise<void> {
    if (this.sessions.leftOut !== undefined || this.closing.signal.aborted) return;
    const declared = await this.ports.declarations.ids();
    for (const [edgeId, { revision }] of this.holdings) {
      if (revision > 0 && !declared.some((each) => each.edgeId === edgeId && each.revision === revision)) await this.leave(edgeId);
    }
    for (const { edgeId, revision } of declared) {
      if (this.holdings.has(edgeId)) continue;
      try {
        const edge = await this.ports.declarations.find(edgeId);
        if (edge) this.contend(edgeOfDeclaration(edge, this.config), revision);
      } catch (error) {
        if (isDatabaseAway(error)) throw error;
        this.ports.parts.logger.error({ edge: edgeId, reason: errorText(error) }, 'a declared edge can’t be held here');
      }
    }
  }

  private async leave(edgeId: string): Promise<void> {
    const known = this.holdings.get(edgeId);
    this.holdings.delete(edgeId);
    known?.holding.letGo();
    await known?.holding.release();
    known?.holding.forget();
  }

  private contend(record: EdgeRecord, revision: number): void {
    const { EDGES } = this.config;
    if (this.closing.signal.aborted || (EDGES.length > 0 && !EDGES.includes(record.edgeId))) return;
    const { board, parts } = this.ports;
    const holding = new EdgeHolding(record, revision > 0, { board, replica: this.replica, sessions: this.sessions, parts, prepared: this.prepared });
    this.holdings.set(record.edgeId, { holding, revision });
    holding.start();
  }
}
