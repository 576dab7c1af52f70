import { setTimeout as sleep } from 'node:timers/promises';
import type { OutgoingCall, SipPhone } from '@troncal/sip-phone';

/** Calls that go on until they are let go. */
export interface HeldCalls {
  /** Those that are still up. */
  live(): number;
  hangUp(): Promise<void>;
}

const BETWEEN_MS = 150;

/** Makes calls one after the other and leaves them up. @throws when one isn't answered within 15 s */
export async function holdCalls(callers: readonly SipPhone[], dialled: string, count: number): Promise<HeldCalls> {
  const calls: OutgoingCall[] = [];
  for (let made = 0; made < count; made += 1) {
    const call = await callers[made % callers.length]?.call(dialled);
    if (!call) throw new Error('there is no phone to call from');
    calls.push(call);
    await call.answered({ timeoutMs: 15_000 });
    await sleep(BETWEEN_MS);
  }
  return {
    live: () => calls.filter((call) => call.callEnd === undefined).length,
    hangUp: async () => {
      for (const call of calls) await call.hangup().catch(() => {});
    },
  };
}
