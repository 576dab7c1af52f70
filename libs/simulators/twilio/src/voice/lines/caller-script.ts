import { encodeUlaw, tone } from '@troncal/audio';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Call } from '../calls/call.js';
import type { PstnLine } from './pstn-line.js';

const withinMs = z.int().min(1).default(10_000);

/** What the person at the far end does, one step after the other. Then it stays on the line until the call is over. */
export const scriptSchema = z.array(
  z.union([
    /** ms */
    z.strictObject({ wait: z.int().min(0) }),
    /** Until words are said, or audio played, that fit this regular expression; each is taken once. */
    z.strictObject({ untilSaid: z.string(), withinMs }),
    z.strictObject({ untilAnswered: z.literal(true), withinMs }),
    /** Until a tone is heard. */
    z.strictObject({ untilHears: z.number().min(50).max(3_900), withinMs }),
    z.strictObject({ press: z.string().regex(/^[\d*#]+$/), /** Between two keys, ms. */ everyMs: z.int().min(0).default(40) }),
    z.strictObject({ speak: z.strictObject({ hz: z.number().min(50).max(3_900), ms: z.int().min(20).max(600_000) }) }),
    z.strictObject({ hangUp: z.literal(true) }),
  ]),
);
export type ScriptWish = z.input<typeof scriptSchema>;
export type Script = z.output<typeof scriptSchema>;
type Step = Script[number];
type Waiting = Extract<Step, { readonly untilSaid: string } | { readonly untilAnswered: true } | { readonly untilHears: number }>;

/** How a script went. */
export interface ScriptProgress {
  /** Steps that were done. */
  done: number;
  /** Why it went no further. */
  failure?: string;
}

/** Plays the person at the far end of a line. */
export class CallerScript {
  readonly progress: ScriptProgress = { done: 0 };
  /** Settles when its steps are done or it can't go on. */
  readonly ended: Promise<ScriptProgress>;
  private taken = 0;

  constructor(
    private readonly line: PstnLine,
    private readonly call: Call,
    steps: Script,
  ) {
    this.ended = this.run(steps);
  }

  private async run(steps: Script): Promise<ScriptProgress> {
    for (const step of steps) {
      const failure = await this.step(step);
      if (failure !== undefined) {
        this.progress.failure = `${JSON.stringify(step)}: ${failure}`;
        break;
      }
      this.progress.done += 1;
    }
    return this.progress;
  }

  /** Why it couldn't be done. */
  private async step(step: Step): Promise<string | undefined> {
    const { line, call } = this;
    if ('wait' in step) await sleep(step.wait);
    else if ('untilSaid' in step || 'untilAnswered' in step || 'untilHears' in step) return this.until(step.withinMs, () => this.isSo(step));
    else if (call.isOver) return `the call is over: ${call.status}`;
    else if ('press' in step) await this.press(step.press, step.everyMs);
    else if ('speak' in step) await line.far.speak(encodeUlaw(tone(step.speak.hz, step.speak.ms)));
    else line.far.end({ reason: 'hung-up' });
    return undefined;
  }

  private async press(keys: string, everyMs: number): Promise<void> {
    for (const key of keys) {
      this.line.far.press(key);
      await sleep(everyMs);
    }
  }

  private wasSaid(words: RegExp): boolean {
    const at = this.call.said.findIndex(({ text }, index) => index >= this.taken && words.test(text));
    if (at >= 0) this.taken = at + 1;
    return at >= 0;
  }

  private isSo(step: Waiting): boolean {
    if ('untilSaid' in step) return this.wasSaid(new RegExp(step.untilSaid, 'iu'));
    return 'untilAnswered' in step ? this.line.isUp : this.line.far.hears(step.untilHears);
  }

  /** For who asks why a step wasn't done. */
  private get facts(): string {
    const { call, line } = this;
    return `${call.status}, ${line.framesHeard} frames heard, said so far: ${call.said.map(({ text }) => text).join(' | ') || 'nothing'}`;
  }

  /** Looks whenever something is heard or said. Why it didn't come to be. */
  private async until(ms: number, isSo: () => boolean): Promise<string | undefined> {
    const { over } = this.call;
    let stops: readonly (() => void)[] = [];
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string | undefined>((resolve) => {
        const look = (): void => {
          if (isSo()) resolve(undefined);
          else if (over.aborted) resolve(`the call is over: ${this.facts}`);
        };
        stops = [this.call.onSaid(look), this.line.far.watch(look)];
        over.addEventListener('abort', look, { once: true });
        timer = setTimeout(() => resolve(`not in ${ms} ms: ${this.facts}`), ms);
        look();
      });
    } finally {
      clearTimeout(timer);
      for (const stop of stops) stop();
    }
  }
}
