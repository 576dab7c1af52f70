import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, Schema } from '@troncal/chassis';
import { backoffMs, pause, type Backoff } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { SeedTenants } from './seed-tenants.js';

const RETRY: Backoff = { firstMs: 250, maxMs: 15_000 };

/** Seeds the projection after a start, in the background: provisioning may start later, and the events keep coming meanwhile. */
@Injectable()
export class SeedOnStart implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly schema: Schema,
    private readonly seed: SeedTenants,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    const { signal } = this.stopping;
    await Promise.race([this.schema.ready(), new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))]);
    for (let failures = 0; !signal.aborted; ) {
      try {
        const count = await this.seed.run();
        this.logger.info({ count }, 'the projection of tenants was seeded');
        return;
      } catch (error) {
        failures += 1;
        this.logger[failures < 5 ? 'debug' : 'warn']({ err: error, failures }, 'the projection of tenants could not be seeded yet; trying again');
        await pause(backoffMs(RETRY, failures), signal);
      }
    }
  }
}
