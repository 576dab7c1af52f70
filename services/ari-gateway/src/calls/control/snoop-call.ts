import type { snoopSchema } from '@troncal/contracts';
import { newId } from '@troncal/kernel';
import type { z } from 'zod';
import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';
import type { DialOut } from './dial-out.js';

/** Lets supervisors listen, and whisper into one party's ear. */
export class SnoopCall {
  constructor(
    private readonly desk: CallDesk,
    private readonly dialOut: DialOut,
  ) {}

  /** @throws PermanentError no_such_endpoint (422); already_listening, nobody_there, wrong_state (409) */
  async start(about: AboutCall, request: z.output<typeof snoopSchema>): Promise<{ readonly call: Call; readonly snoopId: string }> {
    const actor = await callMeant(this.desk, about);
    const snoopId = newId();
    const target = this.dialOut.phone(actor.call, request.extension);
    return { call: await actor.request({ kind: 'snoop', snoopId, target, ...request }), snoopId };
  }

  /** @throws PermanentError no_such_snoop (409) */
  async stop(about: AboutCall, snoopId: string): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'stop_snoop', snoopId });
  }
}
