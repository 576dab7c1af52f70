import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingCall, SipPhone } from '@troncal/sip-phone';

/** What became of the calls of one run; delays in ms since the INVITE left. */
export interface Offered {
  readonly offered: number;
  readonly answered: readonly number[];
  /** Until the first sound was heard; only when it was waited for. */
  readonly heard: readonly number[];
  /** Why the others failed, with how often. */
  readonly failures: ReadonlyMap<string, number>;
}

export interface Offer {
  readonly callers: readonly SipPhone[];
  readonly dialled: string;
  readonly perSecond: number;
  readonly seconds: number;
  /** How long a call lasts from its answer, or from its first sound. */
  readonly holdMs: number;
  readonly untilHeard: boolean;
}

/** Later than this is no answer. */
const PATIENCE_MS = 8_000;

/** Offers calls at a steady rate, by absolute deadlines: a slow answer doesn't slow the next call down. Resolves when all are over. */
export async function offerCalls({ callers, dialled, perSecond, seconds, holdMs, untilHeard }: Offer): Promise<Offered> {
  const answered: number[] = [];
  const heard: number[] = [];
  const failures = new Map<string, number>();
  const total = perSecond * seconds;
  const began = performance.now();
  const one = async (phone: SipPhone): Promise<void> => {
    let call: OutgoingCall | undefined;
    try {
      call = await phone.call(dialled);
      const { invitedAtMs } = call.times;
      await call.answered({ timeoutMs: PATIENCE_MS });
      answered.push((call.times.answeredAtMs ?? performance.now()) - invitedAtMs);
      if (untilHeard) heard.push((await call.heard.waitForVoice({ sinceMs: invitedAtMs, timeoutMs: PATIENCE_MS })).atMs - invitedAtMs);
      await sleep(holdMs);
    } catch (error) {
      const reason = (error instanceof Error ? error.message : String(error)).slice(0, 90);
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
    } finally {
      await call?.hangup().catch(() => {});
    }
  };
  const calls: Promise<void>[] = [];
  for (let made = 0; made < total; made += 1) {
    await sleep(Math.max(0, began + (made * 1000) / perSecond - performance.now()));
    const phone = callers[made % callers.length];
    if (phone) calls.push(one(phone));
  }
  await Promise.all(calls);
  return { offered: total, answered, heard, failures };
}
