/** Lets others wait until the agent's queued words have been heard. */
export class QuietGate {
  private readonly waiting = new Set<() => void>();

  /** Resolves at the next `open`, after `maxMs`, or when the signal is aborted. */
  wait(maxMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, maxMs);
      signal.addEventListener('abort', done, { once: true });
      this.waiting.add(done);
    });
  }

  /** The agent is silent: nobody waits any longer. */
  open(): void {
    for (const wake of this.waiting) wake();
  }
}
