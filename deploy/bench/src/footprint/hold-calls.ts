import type { OutgoingCall, SipPhone } from '@troncal/sip-phone';

/** Calls that go on until they are let go. */
export interface HeldCalls {
  /** Those that are still up. */
  live(): number;
  hangUp(): Promise<void>;
}

const AT_ONCE = 4;

/** Makes calls, a few at a time, and leaves them up. @throws when one isn't answered within 15 s */
export async function holdCalls(callers: readonly SipPhone[], dialled: string, count: number): Promise<HeldCalls> {
  const calls: OutgoingCall[] = [];
  let begun = 0;
  const makeSome = async (): Promise<void> => {
    while (begun < count) {
      const phone = callers[begun % callers.length];
      if (!phone) throw new Error('there is no phone to call from');
      begun += 1;
      const call = await phone.call(dialled);
      calls.push(call);
      await call.answered({ timeoutMs: 15_000 }).catch((cause: unknown) => {
        throw new Error(`call ${calls.indexOf(call) + 1} of ${count} to ${dialled} was not answered`, { cause });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, makeSome));
  return {
    live: () => calls.filter((call) => call.callEnd === undefined).length,
    hangUp: async () => {
      await Promise.all(calls.map((call) => call.hangup().catch(() => {})));
    },
  };
}
