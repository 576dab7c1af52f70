import { DiscardPolicy, RetentionPolicy, StorageType, type JetStreamManager, type StreamInfo } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import { withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { z } from 'zod';
import type { Bus } from '../connection/bus.js';
import { isApiError, isMissingStream } from '../provision/streams.js';

/** A lease as it stands on the bus, for everybody to read. */
const leaseSchema = z.object({
  /** The replica that holds it: one name per place of work, the same after a restart. */
  holder: z.string(),
  /** The holder's process: another one with each start. */
  process: z.string(),
  /** Grows with each change of process: the fencing token. */
  epoch: z.int().positive(),
  /** Where the holder's HTTP answers. */
  url: z.string(),
  /** `offered`: held, but of no use to the holder now, so whoever can use it may take it. `free`: given up in order. */
  state: z.enum(['held', 'offered', 'free']),
});
export type Lease = z.output<typeof leaseSchema>;

/** A lease with the revision that the next change of it must name. */
export interface LeaseEntry {
  readonly lease: Lease;
  readonly revision: number;
}

/** Longer than a write takes on a busy disk, shorter than a lease lives. */
const DEADLINE_MS = 1_000;
const WRONG_LAST_SEQUENCE = 10_071;
const NAME_IN_USE = 10_058;

/** One bucket of leases in JetStream's key-value store. Every change names the revision it follows: of two at once one fails. */
export class LeaseBoard {
  private bucket: Promise<KV> | undefined;

  /** @param replicas copies that the cluster keeps: 1, or 3 in a cluster */
  constructor(
    private readonly bus: Bus,
    private readonly name: string,
    private readonly replicas: number,
    private readonly logger: Logger,
  ) {}

  /** The lease of a key; undefined when there is none. Rejects while NATS is away. */
  async read(key: string): Promise<LeaseEntry | undefined> {
    const entry = await this.attempt('reading a lease', (bucket) => bucket.get(key));
    if (entry?.operation !== 'PUT') return undefined;
    const lease = leaseSchema.safeParse(entry.json());
    // Something foreign lies there: treated as nobody's, and replaced like any other.
    const nobody: Lease = { holder: '', process: '', epoch: 1, url: '', state: 'free' };
    return { lease: lease.success ? lease.data : nobody, revision: entry.revision };
  }

  /**
   * Writes a lease on top of the given revision (0: there is none yet).
   * @returns the new revision; undefined when somebody else has changed it meanwhile. Rejects while NATS is away: then it may have been written or not.
   */
  async write(key: string, lease: Lease, revision: number): Promise<number | undefined> {
    try {
      return await this.attempt('writing a lease', (bucket) => bucket.put(key, JSON.stringify(lease), { previousSeq: revision }));
    } catch (error) {
      if (isApiError(error, WRONG_LAST_SEQUENCE)) return undefined;
      throw error;
    }
  }

  private async attempt<T>(what: string, work: (bucket: KV) => Promise<T>): Promise<T> {
    try {
      const bucket = await withDeadline((this.bucket ??= this.open()), DEADLINE_MS, 'opening the bucket of leases');
      return await withDeadline(work(bucket), DEADLINE_MS, what);
    } catch (error) {
      // A server that lost its files has no bucket any more: looked for, and made if need be, at the next try.
      if (!isApiError(error, WRONG_LAST_SEQUENCE)) this.bucket = undefined;
      throw error;
    }
  }

  private async open(): Promise<KV> {
    const manager = await this.bus.jetStreamManager();
    const { config } = await this.provide(manager);
    // A bucket made before the cluster had grown gets its copies.
    if (config.num_replicas < this.replicas) {
      await manager.streams.update(config.name, { num_replicas: this.replicas });
      this.logger.info({ stream: config.name, replicas: this.replicas }, 'the bucket of leases is kept in more copies');
    }
    // Read from the stream's leader only: a follower may be behind.
    return new Kvm(this.bus.jetStream()).open(this.name, { allow_direct: false });
  }

  private async provide(manager: JetStreamManager): Promise<StreamInfo> {
    const name = `KV_${this.name}`;
    try {
      return await manager.streams.info(name);
    } catch (error) {
      if (!isMissingStream(error)) throw error;
    }
    try {
      return await manager.streams.add({
        name,
        subjects: [`$KV.${this.name}.>`],
        description: 'Who holds what; one key per lease.',
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.New,
        max_msgs_per_subject: 1,
        max_bytes: 1024 * 1024,
        allow_rollup_hdrs: true,
        allow_direct: false,
        num_replicas: this.replicas,
        // Above every revision of a bucket that was lost before: else a write that names one of those could come upon the same number by chance.
        first_seq: Date.now(),
      });
    } catch (error) {
      // Another replica was quicker, with another first number.
      if (isApiError(error, NAME_IN_USE)) return manager.streams.info(name);
      throw error;
    }
  }
}
