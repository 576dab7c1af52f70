interface Waiting<T> {
  readonly thing: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes things down one batch after the other: what comes while a batch is being written is the next one. Alone, a thing waits for nothing; thousands share
 * transactions, and hold no more than one connection. Who hands a thing in waits until it is written; when a batch can't be, all of it fail.
 */
export class ToldTogether<T> {
  private readonly waiting: Waiting<T>[] = [];
  private writing = false;

  /** @param most of a batch */
  constructor(
    private readonly write: (things: readonly T[]) => Promise<void>,
    private readonly most: number,
  ) {}

  tell(thing: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ thing, resolve, reject });
      if (!this.writing) void this.writeAll();
    });
  }

  private async writeAll(): Promise<void> {
    this.writing = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, this.most);
      try {
        await this.write(batch.map(({ thing }) => thing));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.writing = false;
  }
}
