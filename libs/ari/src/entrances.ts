import { AriUnreachableError, ChannelGoneError } from './ari-error.js';
import type { EventHub } from './event-hub.js';
import type { StasisStart } from './generated/events-models.js';

interface Waiter {
  readonly enter: (event: StasisStart) => void;
  readonly fail: (error: Error) => void;
}

/** Who waits for which channel to enter the application. */
export class Entrances {
  private readonly waiters = new Map<string, Set<Waiter>>();

  constructor(hub: EventHub) {
    hub.on('StasisStart', (event) => this.settle(event.channel.id, (waiter) => waiter.enter(event)));
    hub.on('ChannelDestroyed', (event) => {
      const failure = { operation: 'whenChannelEnters', ariStatus: null, said: `hung up before it entered: ${event.cause_txt}` };
      this.settle(event.channel.id, (waiter) => waiter.fail(new ChannelGoneError(event.channel.id, failure)));
    });
  }

  wait(channelId: string, deadlineMs: number): Promise<StasisStart> {
    const entered = new Promise<StasisStart>((resolve, reject) => {
      const timer = setTimeout(() => waiter.fail(new AriUnreachableError('whenChannelEnters', `channel ${channelId} didn't enter within ${deadlineMs} ms`)), deadlineMs);
      const done = (): void => {
        clearTimeout(timer);
        const others = this.waiters.get(channelId);
        others?.delete(waiter);
        if (others?.size === 0) this.waiters.delete(channelId);
      };
      const waiter: Waiter = {
        enter: (event) => {
          done();
          resolve(event);
        },
        fail: (error) => {
          done();
          reject(error);
        },
      };
      this.waiters.set(channelId, (this.waiters.get(channelId) ?? new Set()).add(waiter));
    });
    // A caller whose create command failed never looks at this promise; that must not become an unhandled rejection.
    entered.catch(() => {});
    return entered;
  }

  /** Whoever still waits hears why it can't come any more. */
  abandon(reason: string): void {
    for (const channelId of this.waiters.keys()) this.settle(channelId, (waiter) => waiter.fail(new AriUnreachableError('whenChannelEnters', reason)));
  }

  private settle(channelId: string, settle: (waiter: Waiter) => void): void {
    for (const waiter of this.waiters.get(channelId) ?? []) settle(waiter);
  }
}
