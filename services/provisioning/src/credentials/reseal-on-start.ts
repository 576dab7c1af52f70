import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Schema } from '@troncal/chassis';
import { PermanentError } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';

/** Of those that don't open so many are named in the log. */
const MOST_NAMED = 50;

/**
 * After a start with a new key file all secrets of one kind are sealed anew, in the background, so that older keys can leave the file. What doesn't open is told, and keeps
 * no other from being sealed; what failed otherwise is tried again at the next start.
 */
export abstract class ResealOnStart<Sealed> implements OnApplicationBootstrap {
  /** @param what for the log: `tokens of subaccounts` */
  constructor(
    private readonly what: string,
    private readonly schema: Schema,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.schema
      .ready()
      .then(() => this.run())
      .catch((error: unknown) => this.logger.warn({ err: error }, `${this.what} could not all be sealed with the new key; it is tried again at the next start`));
  }

  /** All that another key than the active one opens. */
  protected abstract sealedOtherwise(): AsyncIterable<Sealed> | Promise<readonly Sealed[]>;

  /** Unless it was changed meanwhile. @throws PermanentError when it doesn't open */
  protected abstract reseal(sealed: Sealed): Promise<void>;

  /** Whose it is, for the log. */
  protected abstract ownerOf(sealed: Sealed): string;

  private async run(): Promise<void> {
    let resealed = 0;
    const unopened: { readonly owner: string; readonly error: PermanentError }[] = [];
    for await (const each of await this.sealedOtherwise()) {
      try {
        await this.reseal(each);
        resealed += 1;
      } catch (error) {
        if (!(error instanceof PermanentError)) throw error;
        unopened.push({ owner: this.ownerOf(each), error });
      }
    }
    if (resealed > 0) this.logger.info({ resealed }, `${this.what} were sealed with the new key`);
    const [first] = unopened;
    if (first === undefined) return;
    const owners = unopened.slice(0, MOST_NAMED).map(({ owner }) => owner);
    this.logger.error({ err: first.error, owners, count: unopened.length }, `${this.what} do not open with any key of the key file; put the old key back, or replace them`);
  }
}

const BATCH = 200;

/** All of many, a batch at a time. @param read those that come after one, in a fixed order */
export async function* inBatches<T>(read: (limit: number, after: T | undefined) => Promise<readonly T[]>): AsyncGenerator<T> {
  for (let after: T | undefined; ; ) {
    const batch = await read(BATCH, after);
    yield* batch;
    after = batch.at(-1);
    if (after === undefined) return;
  }
}
