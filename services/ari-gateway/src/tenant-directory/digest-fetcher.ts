import { EndpointDigestV1 } from '@troncal/contracts';
import { errorText, pause, PermanentError } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { DirectoryRepository, MissingDigest } from './directory.repository.js';

const LOOK_EVERY_MS = 2_000;
const BATCH = 50;

/** Asks provisioning for the digests that Asterisk needs and doesn't have: at once for a new or changed phone, and again until it has them. */
export class DigestFetcher {
  private stopping = new AbortController();
  private running: Promise<void> | undefined;
  private hurry: (() => void) | undefined;
  private pending = false;

  constructor(
    private readonly repository: DirectoryRepository,
    private readonly commands: CommandClient,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.running ??= this.loop();
  }

  /** Something may be missing: look now. */
  wake(): void {
    this.pending = true;
    this.hurry?.();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.hurry?.();
    await this.running;
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.pending = false;
      const all = await this.fetchMissing().catch((error: unknown) => {
        this.logger.debug({ reason: errorText(error) }, 'digests wait for the database');
        return false;
      });
      // `wake` may have come while we were at work.
      if (!this.pending || !all) await this.rest(all ? LOOK_EVERY_MS * 5 : LOOK_EVERY_MS);
    }
  }

  private async fetchMissing(): Promise<boolean> {
    const missing = await this.repository.missingDigests(BATCH);
    const fetched = await Promise.all(missing.map((endpoint) => this.fetch(endpoint)));
    return fetched.every(Boolean);
  }

  private async fetch(endpoint: MissingDigest): Promise<boolean> {
    try {
      const digest = await this.commands.ask(EndpointDigestV1, endpoint);
      await this.repository.storeDigest(endpoint, digest);
      return true;
    } catch (error) {
      // Gone meanwhile: its EndpointRemoved is on the way.
      if (!(error instanceof PermanentError)) this.logger.debug({ reason: errorText(error), extension: endpoint.extension }, 'a digest could not be had yet');
      return error instanceof PermanentError;
    }
  }

  private async rest(ms: number): Promise<void> {
    const wait = new AbortController();
    this.hurry = () => wait.abort();
    if (this.stopping.signal.aborted) return;
    await pause(ms, wait.signal);
    this.hurry = undefined;
  }
}
