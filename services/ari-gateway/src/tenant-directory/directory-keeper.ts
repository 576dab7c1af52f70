import { SnapshotV1, type TenantSnapshot } from '@troncal/contracts';
import { backoffMs, errorText, pause, type Backoff } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { untilAnswered, type Database, type Tx } from '@troncal/persistence';
import type { ReplicaSignals } from '../replicas/replica-signals.js';
import type { DirectoryChange } from './directory-facts.js';
import type { DigestFetcher } from './digest-fetcher.js';
import type { DirectoryRepository } from './directory.repository.js';
import type { TenantDirectory } from './tenant-directory.js';

const RETRY: Backoff = { firstMs: 250, maxMs: 10_000 };

/** What the keeper asks and tells. */
export interface KeeperPorts {
  readonly commands: CommandClient;
  readonly signals: ReplicaSignals;
  readonly logger: Logger;
}

const TOPIC = 'directory';

/** Told of each change that took effect, after its commit. */
export type DirectoryListener = (change: DirectoryChange) => void;

/** Brings changes into the database and the memory: from events, and once at the start from provisioning's snapshot. */
export class DirectoryKeeper {
  private readonly stopping = new AbortController();
  private readonly listeners: DirectoryListener[] = [];
  private seeding: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly repository: DirectoryRepository,
    private readonly directory: TenantDirectory,
    private readonly digests: DigestFetcher,
    private readonly ports: KeeperPorts,
  ) {}

  onChange(listener: DirectoryListener): void {
    this.listeners.push(listener);
  }

  /** Fills the memory from the database, and follows what the other replicas change; then, in the background, both from provisioning, as often as it takes. */
  async start(): Promise<void> {
    this.ports.signals.on(TOPIC, (facts) => this.followed(facts));
    this.ports.signals.start();
    for (const change of await untilAnswered(() => this.repository.all(), this.stopping.signal, this.ports.logger)) this.took(change);
    this.digests.start();
    this.seeding = this.seed();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.seeding, this.digests.stop(), this.ports.signals.stop()]);
  }

  /** Applies one change in a transaction; the memory follows its commit. */
  async apply(tx: Tx, change: DirectoryChange): Promise<void> {
    if (await this.repository.apply(tx, change)) tx.onCommit(() => {
      this.took(change);
      this.ports.signals.tell(TOPIC, change);
    });
  }

  /** Another replica has stored a change; without facts it is one too large to be told, or one that was missed. */
  private async followed(facts: unknown): Promise<void> {
    if (facts !== undefined) return this.took(facts as DirectoryChange);
    const changes = await this.repository.all();
    for (const gone of this.directory.without(changes)) this.took(gone);
    for (const change of changes) this.took(change);
  }

  private took(change: DirectoryChange): void {
    this.directory.apply(change);
    if (change.kind === 'endpoint' || change.kind === 'credential') this.digests.wake();
    for (const listener of this.listeners) listener(change);
  }

  private async seed(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      try {
        return await this.takeSnapshot();
      } catch (error) {
        failures += 1;
        this.ports.logger[failures < 10 ? 'debug' : 'warn']({ reason: errorText(error), failures }, 'the snapshot of the tenants could not be had yet');
        await pause(backoffMs(RETRY, failures), this.stopping.signal);
      }
    }
  }

  private async takeSnapshot(): Promise<void> {
    let count = 0;
    for (let after: string | undefined; ; ) {
      const page = await this.ports.commands.ask(SnapshotV1, after === undefined ? {} : { after });
      for (const tenant of page.tenants) {
        await this.db.transaction(async (tx) => {
          for (const change of changesOf(tenant)) await this.apply(tx, change);
        });
        count += 1;
      }
      if (page.next === undefined) break;
      after = page.next;
    }
    this.ports.logger.info({ tenants: count }, 'the tenant directory is seeded from the snapshot');
  }
}

function changesOf({ numbers, routes, endpoints, ...facts }: TenantSnapshot): DirectoryChange[] {
  const { tenant } = facts;
  return [
    { kind: 'tenant', facts },
    ...numbers.map((number) => ({ kind: 'number', facts: { tenant, ...number } }) as const),
    ...routes.map((route) => ({ kind: 'route', facts: { tenant, ...route } }) as const),
    ...endpoints.map((endpoint) => ({ kind: 'endpoint', facts: { tenant, ...endpoint } }) as const),
  ];
}
