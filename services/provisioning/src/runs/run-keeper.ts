import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER } from '@troncal/chassis';
import { crashPoint } from '@troncal/config';
import { pause } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { RunWorks } from './run-works.js';
import type { Run } from './run.js';
import { RunRepository } from './runs.repository.js';

/** How often runs are looked for that nobody is at: those of a process that died. */
const LOOK_MS = 1_000;
/** How long a run may go on when its process shall end; the next process takes it up. */
const GRACE_MS = 5_000;

/**
 * Performs runs, one at a time in an environment, over all replicas: who performs one holds a lock of PostgreSQL's that ends with its process. A run of a process that
 * died is taken up from the start by whoever sees it first; it finds done what was done.
 */
@Injectable()
export class RunKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly mine = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly runs: RunRepository,
    private readonly works: RunWorks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.race([Promise.all(this.mine.values()), pause(GRACE_MS)]);
  }

  /** Begins a run that was written down, without waiting for its end. */
  begin(run: Run): void {
    if (this.stopped || this.mine.has(run.run)) return;
    const work = this.perform(run)
      .catch((error: unknown) => this.logger.warn({ err: error, run: run.run }, 'a run was left, and is taken up again'))
      .finally(() => this.mine.delete(run.run));
    this.mine.set(run.run, work);
  }

  private look(): void {
    if (this.stopped) return;
    this.runs
      .underWay()
      .then((found) => {
        for (const run of found) this.begin(run);
      })
      .catch((error: unknown) => this.logger.debug({ err: error }, 'runs can’t be looked for'))
      .finally(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.look(), LOOK_MS);
      });
  }

  private async perform(run: Run): Promise<void> {
    await this.db.tryExclusively(`provisioning.run/${run.run}`, async () => {
      // It may have ended between the look and the lock.
      const now = await this.runs.find(run.run);
      if (now?.state !== 'running') return;
      crashPoint('run.taken');
      await this.works.perform(now);
    });
  }
}
