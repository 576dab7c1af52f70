import type { RailFactOf } from './call-facts.js';

/** A call as Twilio has it now. */
export interface LookedUpCall {
  readonly status: RailFactOf<'status'>['status'];
  readonly from: string;
  readonly to: string;
  /** Absent while it has not ended. */
  readonly endedAt: Date | undefined;
  /** From the answer, whole seconds. */
  readonly durationS: number | undefined;
}

/** What Twilio charges for a call or one leg of it. */
export interface LookedUpPrice {
  readonly sid: string;
  readonly priceMicros: number;
  readonly currency: string;
}

/** Which call, and whose: that tells which account it is in. */
export interface LookedFor {
  readonly environment: string;
  readonly tenant: string;
  readonly callSid: string;
}

/** Asks Twilio about calls of which nothing is heard. Rejects with TransientError while Twilio does not answer. */
export abstract class CallLookup {
  /** False when there is no account to ask: then nothing else may be called. */
  abstract knows(call: LookedFor): Promise<boolean>;
  /** Undefined when Twilio has no such call (any more). */
  abstract find(call: LookedFor): Promise<LookedUpCall | undefined>;
  /** Of the call and all of its legs; undefined while Twilio has not priced all of them, which takes minutes to hours. */
  abstract prices(call: LookedFor): Promise<readonly LookedUpPrice[] | undefined>;
}
