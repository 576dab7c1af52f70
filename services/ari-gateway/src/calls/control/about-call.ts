import type { CallActor } from '../call-actor.js';
import type { CallDesk } from '../call-desk.js';

/** Which call is meant, and who asks. */
export interface AboutCall {
  readonly callId: string;
  /** Whose calls the asker may touch; `*` for all. */
  readonly tenant: string;
  readonly by: 'api' | 'agent';
}

/** The live call that is meant. @throws PermanentError unknown_call (404), call_over (409) */
export const callMeant = (desk: CallDesk, { callId, tenant }: AboutCall): Promise<CallActor> => desk.live(callId, tenant);
