/** Work that is done in the order of asking where it concerns the same key, and side by side where it doesn't. */
export class KeyedTurns {
  private readonly turns = new Map<string, Promise<void>>();

  /** What `work` returns, after all that was asked for `key` before. What fails is told to its asker alone, and keeps nobody behind it waiting. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const done = (this.turns.get(key) ?? Promise.resolve()).then(work);
    const forget = (): void => {
      if (this.turns.get(key) === turn) this.turns.delete(key);
    };
    const turn = done.then(forget, forget);
    this.turns.set(key, turn);
    return done;
  }

  /** Resolves when all that was asked so far was done, or has failed. */
  async idle(): Promise<void> {
    await Promise.all(this.turns.values());
  }

  /** Keys with work at hand. */
  get size(): number {
    return this.turns.size;
  }
}
