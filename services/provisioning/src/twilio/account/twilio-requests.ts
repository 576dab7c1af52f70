import { pause, TransientError } from '@troncal/kernel';
import { asOurs, codeOf, isMissing, isUnknown } from './twilio-account.errors.js';

/** In ms: Twilio's reads run behind its writes at times. */
const LOOKS_MS: readonly number[] = [0, 250, 500, 1_000, 2_000];
/** How often a change is made anew when it isn't known what became of it and nothing is to be seen of it. */
const TRIES = 3;

export interface Made {
  readonly sid: string;
}

/** What making something takes: the request, how to see that it is there, and Twilio's code for "there already"; none for what Twilio makes as often as it is asked to. */
export interface Making<M extends Made = Made> {
  readonly what: string;
  readonly make: () => Promise<M>;
  readonly look: () => Promise<M | undefined>;
  readonly taken?: number;
}

/** Its own for each list: the SDK writes into what it is given. */
export const largest = (): { pageSize: number } => ({ pageSize: 1_000 });

export function unlessMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
  return undefined;
}

/** Requests that may have been made before, or be cut off in the middle: nothing is made twice, and what was refused is told as ours. */
export class TwilioRequests {
  /** @param looksMs waits between the looks for what was made */
  constructor(private readonly looksMs = LOOKS_MS) {}

  /** Makes it unless it is there, however often this process or one before it was cut off in the middle. @returns its SID */
  async sidOf(prefix: string, making: Making): Promise<string> {
    return (await this.made(prefix, making)).sid;
  }

  /** As {@link sidOf}. @returns what was made, or is there */
  made<M extends Made>(prefix: string, { what, make, look, taken }: Making<M>): Promise<M> {
    return this.ask(what, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          const fresh = await make();
          if (new RegExp(`^${prefix}[0-9a-f]{32}$`).test(fresh.sid)) return fresh;
          throw new TransientError('twilio_outcome_unknown', `Twilio answered the making of ${what} with something else.`);
        } catch (error) {
          if (!isUnknown(error) && (taken === undefined || codeOf(error) !== taken)) throw error;
          const there = await this.seen(look);
          if (there !== undefined) return there;
          if (!isUnknown(error) || tries === TRIES) throw error;
        }
      }
    });
  }

  /** A change to a value may be made as often as one likes. */
  change(what: string, change: () => Promise<unknown>): Promise<void> {
    return this.ask(what, async () => {
      for (let tries = 1; ; tries += 1) {
        try {
          await change();
          return;
        } catch (error) {
          if (!isUnknown(error) || tries === TRIES) throw error;
        }
      }
    });
  }

  async remove(what: string, remove: () => Promise<unknown>): Promise<void> {
    await this.ask(`the end of ${what}`, () => remove().catch(unlessMissing));
  }

  async ask<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asOurs(error, what);
    }
  }

  /** Looks for as long as reads may run behind writes. */
  async seen<M extends Made>(look: () => Promise<M | undefined>): Promise<M | undefined> {
    for (const waitMs of this.looksMs) {
      await pause(waitMs);
      const there = await look();
      if (there !== undefined) return there;
    }
    return undefined;
  }
}
