import { crashPoint } from '@troncal/config';
import { errorText, pause } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import type { Lease, LeaseBoard, LeaseEntry } from './lease-board.js';
import { LeaseWatch } from './lease-watch.js';

/** A holder that hasn't renewed for this long is taken for dead by whoever watched all the while. */
const LIFE_MS = 3_000;
const RENEW_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 250;

/** What a contender is, and whom it tells. */
export interface ContenderOptions {
  readonly board: LeaseBoard;
  readonly key: string;
  /** This replica: the same name after a restart, and never in two processes at once. */
  readonly holder: string;
  /** This process: no other ever has it. */
  readonly process: string;
  /** Where its HTTP answers. */
  readonly url: string;
  /** The last epoch that is known elsewhere (0: never held), for a bus that lost its memory. Rejects: not now. */
  readonly floor: () => Promise<number>;
  /** Whether the thing leased is of use to us now; asked before an offer is taken. */
  readonly usable: () => Promise<boolean>;
  /** It is ours from now on. Must not throw. */
  readonly taken: (epoch: number) => void;
  /** It isn't ours any more, and somebody else may act already. Must not throw. */
  readonly lost: (reason: string) => void;
  readonly logger: Logger;
  /** Standing still for this long means death, in milliseconds; 3,000 when absent. */
  readonly lifeMs?: number;
}

interface Held {
  readonly epoch: number;
  readonly revision: number;
}

/**
 * Contends for one lease and keeps it. The holder renews every second; a contender takes it when its revision has stood still for 3 s by the
 * contender's own clock, or at once when it was given up, was held by an earlier process of the same replica, or is offered. Every change is
 * compare-and-set, so that one process wins, whatever the clocks and delays. With NATS away nobody can take it, and the holder goes on.
 *
 * A lease is advice, not a fence: a holder that was frozen learns late that it lost it. The epoch must be checked where the effects are.
 */
export class LeaseContender {
  private readonly watch = new LeaseWatch();
  private readonly stopping = new AbortController();
  private nap = new AbortController();
  private held: Held | undefined;
  private seen: LeaseEntry | undefined;
  private offering = false;
  private looked = false;
  private running: Promise<void> | undefined;

  constructor(private readonly options: ContenderOptions) {}

  /** The epoch in which we hold it; undefined while we don't. */
  get epoch(): number | undefined {
    return this.held?.epoch;
  }

  /** The lease as it was last seen, whoever holds it. */
  get last(): Lease | undefined {
    return this.seen?.lease;
  }

  start(): void {
    this.running ??= runOutsideContext(() => this.run());
  }

  /** Says whether the lease is of no use to us now; somebody who can use it may then take it at once. */
  offer(offering: boolean): void {
    if (this.offering === offering) return;
    this.offering = offering;
    if (this.held) this.nap.abort();
  }

  /** We are known to have been overtaken, by whatever evidence: it isn't ours any more. It is contended for again. */
  yield(reason: string): void {
    this.drop(reason);
  }

  /** Stops, and gives the lease up if we hold it, so that the next one need not wait. */
  async release(): Promise<void> {
    this.stopping.abort();
    this.nap.abort();
    await this.running;
    const { held, options } = this;
    if (!held) return;
    this.held = undefined;
    crashPoint('lease.before-release');
    await options.board.write(options.key, this.leaseOf(held.epoch, 'free'), held.revision).catch((error: unknown) => options.logger.debug({ reason: errorText(error), lease: options.key }, 'a lease could not be given up; it runs out'));
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController();
      const holding = this.held !== undefined;
      try {
        if (this.held) await this.renew(this.held);
        else await this.contend();
      } catch (error) {
        this.options.logger.debug({ lease: this.options.key, reason: errorText(error) }, holding ? 'a lease could not be renewed' : 'a lease could not be looked at');
        await pause(LOOK_EVERY_MS, this.nap.signal);
        continue;
      }
      if (!this.stopping.signal.aborted) await pause(this.held ? RENEW_EVERY_MS : LOOK_EVERY_MS, this.nap.signal);
    }
  }

  private async renew(held: Held): Promise<void> {
    const { board, key } = this.options;
    const revision = await board.write(key, this.leaseOf(held.epoch, this.offering ? 'offered' : 'held'), held.revision);
    crashPoint('lease.after-renew');
    // Dropped while it was under way: what was written runs out by itself.
    if (this.held !== held) return;
    if (revision !== undefined) return this.hold({ ...held, revision });
    const entry = await board.read(key);
    if (this.held !== held) return;
    this.seen = entry;
    // An answer was lost: it is our own write that is in the way. Or the bus lost its memory, and nobody else has written yet.
    if (!entry || entry.lease.process === this.options.process) return this.renewOver({ ...held, revision: entry?.revision ?? 0 });
    this.drop(`${entry.lease.holder} has taken it with epoch ${entry.lease.epoch}`);
  }

  private renewOver(held: Held): void {
    this.held = held;
    this.nap.abort();
  }

  private async contend(): Promise<void> {
    const { board, key } = this.options;
    const entry = await board.read(key);
    const still = this.watch.saw(entry, performance.now());
    this.seen = entry;
    if (!(await this.mayTake(entry, still))) return;
    const epoch = Math.max(entry?.lease.epoch ?? 0, await this.options.floor()) + 1;
    crashPoint('lease.before-take');
    const revision = await board.write(key, this.leaseOf(epoch, 'held'), entry?.revision ?? 0);
    crashPoint('lease.after-take');
    if (revision === undefined) return;
    this.offering = false;
    this.hold({ epoch, revision });
    this.options.logger.info({ lease: key, epoch, before: entry?.lease.holder }, 'a lease is ours');
    this.options.taken(epoch);
  }

  private async mayTake(entry: LeaseEntry | undefined, still: number): Promise<boolean> {
    const first = !this.looked;
    this.looked = true;
    if (still >= (this.options.lifeMs ?? LIFE_MS)) return true;
    // None was ever there; if one was, its holder may be about to write it again.
    if (!entry) return (await this.options.floor()) === 0;
    if (entry.lease.state === 'free') return true;
    // Our own, of a process before this one, which is dead. Asked once: two processes by one name must not take turns.
    if (entry.lease.holder === this.options.holder) return first && entry.lease.process !== this.options.process;
    return entry.lease.state === 'offered' && (await this.options.usable());
  }

  private hold(held: Held): void {
    this.held = held;
    this.seen = { lease: this.leaseOf(held.epoch, this.offering ? 'offered' : 'held'), revision: held.revision };
  }

  private drop(reason: string): void {
    if (!this.held) return;
    this.held = undefined;
    this.options.logger.warn({ lease: this.options.key, reason }, 'a lease is lost');
    this.options.lost(reason);
  }

  private leaseOf(epoch: number, state: Lease['state']): Lease {
    const { holder, process, url } = this.options;
    return { holder, process, epoch, url, state };
  }
}
