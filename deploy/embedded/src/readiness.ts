import { setTimeout as sleep } from 'node:timers/promises';

/** Something that answers 200 once it is ready. */
export interface ReadyCheck {
  readonly name: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReadyOutcome {
  readonly name: string;
  readonly ready: boolean;
  /** What it said last when it isn't ready. */
  readonly lastAnswer: string;
}

/**
 * Asks all of them until each has answered 200, the time is over, or `giveUp` says so for one of them. Calls `onReady` as
 * each gets there.
 */
export async function waitUntilReady(checks: readonly ReadyCheck[], withinMs: number, onReady: (name: string) => void, giveUp: (name: string) => boolean = () => false): Promise<ReadyOutcome[]> {
  const deadline = Date.now() + withinMs;
  return Promise.all(
    checks.map(async ({ name, url, headers }) => {
      let lastAnswer = 'no answer';
      let pause = 50;
      while (Date.now() < deadline && !giveUp(name)) {
        const answer = await ask(url, headers);
        if (answer === 200) {
          onReady(name);
          return { name, ready: true, lastAnswer: '200' };
        }
        lastAnswer = String(answer);
        await sleep(pause);
        pause = Math.min(pause * 1.1, 1_000);
      }
      return { name, ready: false, lastAnswer };
    }),
  );
}

async function ask(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number | string> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(3_000) });
    const body = await response.text();
    return response.status === 200 ? 200 : `${response.status} ${body.slice(0, 400)}`;
  } catch (error) {
    const cause = (error as Error).cause;
    return cause instanceof Error ? cause.message : (error as Error).message;
  }
}
