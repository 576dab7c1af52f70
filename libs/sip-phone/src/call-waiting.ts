import { CallWaitError } from './sip-phone.errors.js';

interface Waiter {
  /** True once it has settled. */
  readonly check: () => boolean;
  readonly fail: (reason: string) => void;
}

/** How often conditions are looked at when nothing arrives: silence makes no event. */
const LOOK_MS = 20;

/** Waits on conditions of one call: each looked at when something happens and every 20 ms, each with a deadline, all failed at the end. */
export class CallWaiting {
  private readonly waiters = new Set<Waiter>();
  private timer: NodeJS.Timeout | undefined;
  private ended: string | undefined;

  /** `facts` describes the call for errors: last SIP response, frames heard. */
  constructor(private readonly facts: () => string) {}

  /** Resolves with the first value that `look` gives; rejects with CallWaitError at the deadline, or at once when the call has ended. */
  until<T>(what: string, timeoutMs: number, look: () => T | undefined): Promise<T> {
    const since = performance.now();
    const result = new Promise<T>((resolve, reject) => {
      const fail = (reason: string): void => {
        this.waiters.delete(waiter);
        reject(new CallWaitError(`${what}: ${reason}; ${this.facts()}`));
      };
      const waiter: Waiter = {
        fail,
        check: () => {
          const value = look();
          if (value === undefined) {
            if (performance.now() - since >= timeoutMs) fail(`not in ${timeoutMs} ms`);
            return !this.waiters.has(waiter);
          }
          this.waiters.delete(waiter);
          resolve(value);
          return true;
        },
      };
      this.waiters.add(waiter);
      if (waiter.check()) return;
      if (this.ended !== undefined) fail(this.ended);
      else this.timer ??= setInterval(() => this.look(), LOOK_MS);
    });
    // A wait begun and looked at later must not end the process when the call ends in between.
    result.catch(() => undefined);
    return result;
  }

  /** Something happened. */
  look(): void {
    for (const waiter of this.waiters) waiter.check();
    if (this.waiters.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Nothing will happen any more: what isn't fulfilled now fails with the reason, and so does every later wait. */
  end(reason: string): void {
    this.ended ??= reason;
    this.look();
    for (const waiter of this.waiters) waiter.fail(reason);
    this.look();
  }
}
