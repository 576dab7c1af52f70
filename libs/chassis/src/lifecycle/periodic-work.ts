import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { pause } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';
import { isDatabaseAway } from '@troncal/persistence';
import type { Schema } from './schema.js';

/**
 * Work that comes round every so often, from when the schema is there until the service stops. Never twice at once in one replica; several replicas do it side by side.
 * What it throws is told, and the next round comes all the same.
 */
export abstract class PeriodicWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** For the log, when a round fails. */
  protected abstract readonly failure: string;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly everyMs: number,
    private readonly schema: Schema,
    protected readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    // Not awaited at the end: without a database it never comes.
    void this.schema.ready().then(() => (this.running = runOutsideContext(() => this.loop())));
  }

  /** The round that is under way is done first. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** One round. */
  abstract once(): Promise<void>;

  private async loop(): Promise<void> {
    while (await pause(this.everyMs, this.stopping.signal)) {
      await this.once().catch((error: unknown) => this.logger[isDatabaseAway(error) ? 'debug' : 'warn']({ err: error }, this.failure));
    }
  }
}
