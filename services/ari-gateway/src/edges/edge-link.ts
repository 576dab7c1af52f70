import { isSilence, type AmiClient, type AriClient, type Unsubscribe } from '@troncal/ari';
import { isOvertaken } from './edge-away.js';
import { errorText, pause } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallActor } from '../calls/call-actor.js';
import type { CallRegistry } from '../calls/call-registry.js';
import type { LateWrites } from '../calls/late-writes.js';
import type { Reconciled, ReconcileEdge } from '../reconcile/reconcile-edge.js';
import type { EdgesPublisher } from './edges.publisher.js';
import type { EdgeRepository, EdgeRow, Tenure } from './edge.repository.js';
import type { OwnerToken } from './owner-token.js';

/** What an edge's link speaks through and tells to. */
export interface EdgePorts {
  readonly ari: AriClient;
  readonly ami: AmiClient;
  readonly reconcile: ReconcileEdge;
  readonly registry: CallRegistry;
  readonly edges: EdgeRepository;
  readonly events: EdgesPublisher;
  readonly late: LateWrites;
  readonly tenure: Tenure;
  readonly token: OwnerToken;
  readonly overtaken: (reason: string) => void;
  readonly usable: (usable: boolean) => void;
  /** What was known of the edge until we owned it. */
  readonly before: EdgeRow['state'];
}

/** The dialplan takes a heartbeat older than 3 s for our death (asterisk/README.md). */
const HEARTBEAT_MS = 1_000;
const HEARTBEAT = 'TRONCAL_HEARTBEAT';
const RECONCILE_AGAIN_MS = 500;

/** One edge's connection: reconciles after each connect, tells when it comes and goes, and keeps the heartbeat that lets callers in. */
export class EdgeLink {
  private readonly stops: Unsubscribe[] = [];
  private beat: NodeJS.Timeout | undefined;
  private round = 0;
  private version: string | undefined;
  private announced = false;
  /** What everybody believes of the edge. */
  private told: EdgeRow['state'];
  private toldAway = false;
  private why: string | undefined;
  private closing = false;

  constructor(
    private readonly ports: EdgePorts,
    private readonly logger: Logger,
  ) {
    this.told = ports.before;
  }

  /** Why Asterisk was not reached at the last try; undefined while it is. */
  get trouble(): string | undefined {
    return this.why;
  }

  /** True once calls were reconciled with this connection. */
  get ready(): boolean {
    return this.announced && this.ports.ari.state === 'connected';
  }

  start(): void {
    this.stops.push(
      this.ports.ari.onState(({ state, reason }) => {
        if (state === 'connected' || state === 'lost') this.why = state === 'lost' ? reason : undefined;
        if (state === 'connected') void this.connected((this.round += 1), this.ports.registry.live(this.ports.tenure.edgeId));
        else if (state === 'replaced') void this.replaced();
        else if (state === 'lost' || state === 'closed') this.lost(this.closing ? 'shutdown' : isSilence(reason) ? 'silent' : 'closed');
      }),
    );
    this.ports.ari.start();
    this.ports.ami.start();
  }

  /** @param reason what EdgeLost gives, if the edge was there */
  stop(reason: 'shutdown' | 'replaced'): void {
    this.closing = true;
    this.round += 1;
    clearInterval(this.beat);
    this.lost(reason);
    for (const stop of this.stops.splice(0)) stop();
    this.ports.ari.close();
    this.ports.ami.close();
  }

  /** Another client has the application. If it is still ours by the token, that one was mistaken (a process that woke from a freeze); it learns so when it looks. */
  private async replaced(): Promise<void> {
    this.lost('replaced');
    if (await this.stillOurs()) this.ports.ari.takeBack();
  }

  /** False once a newer owner is known; with Asterisk away nothing is known, and the link is what will tell. */
  private async stillOurs(): Promise<boolean> {
    try {
      await this.ports.token.claim();
    } catch (error) {
      if (isOvertaken(error)) this.ports.overtaken(errorText(error));
      return !isOvertaken(error) && !this.closing;
    }
    return !this.closing;
  }

  private async connected(round: number, before: readonly CallActor[]): Promise<void> {
    clearInterval(this.beat);
    this.heartbeat();
    this.beat = setInterval(() => this.heartbeat(), HEARTBEAT_MS);
    for (;;) {
      try {
        const outcome = await this.ports.reconcile.run(before, () => round === this.round);
        if (round !== this.round) return;
        return await this.tellConnected(outcome);
      } catch (error) {
        if (round !== this.round || this.ports.ari.state !== 'connected') return;
        this.logger.warn({ reason: errorText(error) }, 'the edge could not be reconciled; trying again');
        await pause(RECONCILE_AGAIN_MS);
      }
    }
  }

  private async tellConnected(outcome: Reconciled): Promise<void> {
    const { ari, edges, events, tenure } = this.ports;
    const { edgeId } = tenure;
    this.version = (await ari.asterisk.getInfo().catch(() => undefined))?.system?.version?.replace(/\+.*$/, '') ?? this.version ?? 'unknown';
    const { version } = this;
    this.announced = true;
    this.told = 'connected';
    this.logger.info({ edge: edgeId, version, ...outcome }, 'the edge is connected and reconciled');
    this.ports.usable(true);
    this.ports.late.add('EdgeConnected', async (tx) => {
      if (!(await edges.owns(tx, tenure))) return;
      await edges.put(tx, { edgeId, state: 'connected', reason: null, version });
      await events.connected(tx, { edgeId, version, ...outcome });
    });
  }

  private lost(reason: 'closed' | 'silent' | 'replaced' | 'shutdown'): void {
    clearInterval(this.beat);
    this.ports.usable(false);
    if (this.announced) this.round += 1;
    this.announced = false;
    // Also what an owner before us, who died, could not tell any more.
    if (this.told !== 'connected') return this.neverThere(reason);
    this.told = 'lost';
    const { edges, events, tenure } = this.ports;
    const { edgeId } = tenure;
    this.logger.warn({ edge: edgeId, reason }, 'the edge is lost');
    this.ports.late.add('EdgeLost', async (tx) => {
      // A newer owner has spoken already, and the edge was never lost.
      if (!(await edges.owns(tx, tenure))) return;
      await edges.put(tx, { edgeId, state: 'lost', reason, version: null });
      await events.lost(tx, { edgeId, reason });
    });
  }

  /** Nobody can have lost it, so that is no event; whoever looks at the edges is told. */
  private neverThere(reason: 'closed' | 'silent' | 'replaced' | 'shutdown'): void {
    if (this.toldAway || this.closing) return;
    this.toldAway = true;
    const { edges, tenure } = this.ports;
    const { edgeId } = tenure;
    const row = this.told === 'lost' ? { state: 'lost' as const, reason } : { state: 'declared' as const, reason: 'unreachable' };
    this.ports.late.add('an edge that is away', async (tx) => {
      if (await edges.owns(tx, tenure)) await edges.put(tx, { edgeId, ...row, version: null });
    });
  }

  private heartbeat(): void {
    void this.stillOurs();
    const value = String(Math.floor(Date.now() / 1_000));
    this.ports.ari.asterisk.setGlobalVar({ variable: HEARTBEAT, value }).catch((error: unknown) => this.logger.debug({ reason: errorText(error) }, 'a heartbeat did not reach the edge'));
  }
}
