import { AriClient } from '@troncal/ari';
import { errorText, pause } from '@troncal/kernel';
import { LeaseContender, type Lease, type LeaseBoard } from '@troncal/messaging';
import type { EdgeRecord } from './edge-record.js';
import { EdgeSession } from './edge-session.js';
import type { EdgeSessions } from './edge-sessions.js';
import type { GatewayParts } from './gateway-parts.js';
import type { Replica } from './replica.js';

/** What holding an edge needs. */
export interface HoldingPorts {
  readonly board: LeaseBoard;
  readonly replica: Replica;
  readonly sessions: EdgeSessions;
  readonly parts: GatewayParts;
  /** Resolves when there is all that a session needs; rejects when there never will be. */
  readonly prepared: Promise<void>;
}

/** Asterisk is given up for others to try when it couldn't be reached for this long. */
const OFFER_AFTER_MS = 500;
const AGAIN_MS = 250;
const PROBE_MS = 1_000;

/**
 * One edge as far as this replica is concerned: contends for its lease and, while it holds that, runs the edge's session. The order of a change of
 * owner is the fence: first the database refuses the old owner's writes, then Asterisk's token names the new one, then its application's socket
 * is taken, and last what is there is reconciled.
 */
export class EdgeHolding {
  private readonly contender: LeaseContender;
  private session: EdgeSession | undefined;
  private offering: NodeJS.Timeout | undefined;
  private closing = false;

  constructor(
    readonly record: EdgeRecord,
    /** Declared over HTTP, not by this gateway's settings. */
    readonly declared: boolean,
    private readonly ports: HoldingPorts,
  ) {
    const { board, replica, parts } = ports;
    this.contender = new LeaseContender({
      board,
      key: record.edgeId,
      holder: replica.name,
      process: replica.process,
      url: replica.url,
      floor: () => parts.edges.epoch(record.edgeId),
      usable: () => this.probe(),
      taken: (epoch) => void this.open(epoch),
      lost: () => this.drop(),
      logger: parts.logger,
    });
  }

  start(): void {
    this.contender.start();
  }

  /** The lease as it was last seen, whoever holds it. */
  get lease(): Lease | undefined {
    return this.contender.last;
  }

  /** Why this replica isn't ready for the edge; undefined when it is, or when the edge is another one's. */
  get fault(): string | undefined {
    const { edgeId } = this.record;
    if (this.session?.ready) return undefined;
    if (this.contender.epoch !== undefined) return `Asterisk of edge ${edgeId} can't be reached, or is not reconciled yet${this.session?.trouble ? `: ${this.session.trouble}` : ''}.`;
    const { lease } = this;
    if (lease && lease.state !== 'free' && lease.holder !== this.ports.replica.name) return undefined;
    return `Nobody owns edge ${edgeId} yet.`;
  }

  /** Lets go of Asterisk; the lease is kept until `release`, so that nobody comes while the last of us is being stored. */
  letGo(): void {
    this.closing = true;
    clearTimeout(this.offering);
    this.session?.stop('shutdown');
  }

  /** Gives the lease up. */
  async release(): Promise<void> {
    await this.contender.release();
  }

  /** Nothing of the edge is in hand here any more. */
  forget(): void {
    this.drop();
  }

  /** No session is begun without the database: it refuses earlier owners from here on, and knows the calls. */
  private async open(epoch: number): Promise<void> {
    const { record, ports } = this;
    const { parts, sessions, replica, prepared } = ports;
    try {
      await prepared;
    } catch {
      // The start has failed and says so; whoever can serve must not wait for us.
      return this.contender.release();
    }
    while (this.contender.epoch === epoch && !this.closing) {
      try {
        const before = await parts.edges.own({ edgeId: record.edgeId, epoch }, { name: replica.name, url: replica.url, declared: this.declared });
        if (before === undefined) return this.contender.yield('the database knows a newer owner, or that the edge was removed');
        if (this.contender.epoch !== epoch || this.closing) return;
        const session = new EdgeSession(record, { epoch, before, overtaken: (reason) => this.overtaken(epoch, reason), usable: (usable) => this.usable(usable) }, parts);
        this.session = session;
        sessions.add(session);
        return await session.start();
      } catch (error) {
        parts.logger.warn({ edge: record.edgeId, epoch, reason: errorText(error) }, 'an edge that is ours can’t be opened yet');
        this.close();
        await pause(AGAIN_MS);
      }
    }
  }

  private overtaken(epoch: number, reason: string): void {
    if (this.contender.epoch === epoch) this.contender.yield(reason);
  }

  private drop(): void {
    this.close();
    // Memory is no authority any more: the new owner's steps are not seen here.
    this.ports.parts.registry.abandon(this.record.edgeId);
  }

  private close(): void {
    clearTimeout(this.offering);
    const { session } = this;
    if (!session) return;
    this.session = undefined;
    this.ports.sessions.remove(session);
    session.stop('replaced');
  }

  private usable(usable: boolean): void {
    clearTimeout(this.offering);
    if (usable || this.closing) return this.contender.offer(false);
    this.offering = setTimeout(() => this.contender.offer(true), OFFER_AFTER_MS);
    this.offering.unref();
  }

  /** Whether Asterisk answers us, who don't hold it. */
  private async probe(): Promise<boolean> {
    const ari = new AriClient({ app: 'troncal', address: this.record.ari, commandDeadlineMs: PROBE_MS, onFault: () => {} });
    try {
      await ari.asterisk.ping();
      return true;
    } catch {
      return false;
    } finally {
      ari.close();
    }
  }
}
