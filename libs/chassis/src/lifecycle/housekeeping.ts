import { pause } from '@troncal/kernel';
import { runOutsideContext, type Logger } from '@troncal/observability';

const EVERY_MS = 600_000;

/** Forgets, now and then, what the library's tables need no longer. Harmless when several replicas do it. */
export class Housekeeping {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly chores: readonly (() => Promise<unknown>)[],
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= runOutsideContext(() => this.loop());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (await pause(EVERY_MS, this.stopping.signal)) {
      for (const chore of this.chores) await chore().catch((error: unknown) => this.logger.warn({ err: error }, 'housekeeping failed; it is tried again later'));
    }
  }
}
