/** Runs tasks: those of one key one after the other in the order of their coming, of different keys at once, up to a limit. */
export class KeyedQueue {
  private readonly waiting = new Map<string, (() => Promise<void>)[]>();
  private readonly idleWaiters: (() => void)[] = [];
  private active = 0;
  /** Keys that have a task waiting and none running. */
  private readonly free: string[] = [];

  constructor(private readonly limit: number) {}

  /** Takes a task, which must not reject. */
  push(key: string, task: () => Promise<void>): void {
    const chain = this.waiting.get(key);
    if (chain) {
      chain.push(task);
      return;
    }
    this.waiting.set(key, [task]);
    this.free.push(key);
    this.run();
  }

  /** Resolves when no task runs or waits. */
  async idle(): Promise<void> {
    if (this.active === 0 && this.free.length === 0) return;
    await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  private run(): void {
    while (this.active < this.limit) {
      const key = this.free.shift();
      const task = key === undefined ? undefined : this.waiting.get(key)?.shift();
      if (key === undefined) return;
      if (!task) {
        this.waiting.delete(key);
        continue;
      }
      this.active += 1;
      void task().finally(() => this.finished(key));
    }
  }

  private finished(key: string): void {
    this.active -= 1;
    if (this.waiting.get(key)?.length) this.free.push(key);
    else this.waiting.delete(key);
    this.run();
    if (this.active === 0 && this.free.length === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
  }
}
