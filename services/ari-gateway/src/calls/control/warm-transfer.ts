import type { warmTransferSchema } from '@troncal/contracts';
import { PermanentError } from '@troncal/kernel';
import type { z } from 'zod';
import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';
import type { DialOut } from './dial-out.js';

export type WarmTransferRequest = z.output<typeof warmTransferSchema>;

/** Sends callers on after a consultation with the target. */
export class WarmTransfer {
  constructor(
    private readonly desk: CallDesk,
    private readonly dialOut: DialOut,
  ) {}

  /** @throws PermanentError no_such_endpoint, validation_failed (422); the dial guard's reason (403); wrong_state (409) */
  async start(about: AboutCall, { extension, number, briefing, reason, timeoutMs }: WarmTransferRequest): Promise<Call> {
    const to = extension ?? number;
    if (to === undefined || (extension !== undefined && number !== undefined)) throw new PermanentError('validation_failed', 'A transfer has exactly one target.', { remedy: 'Give one of "extension" and "number".' });
    const actor = await callMeant(this.desk, about);
    const { kind, target } = this.dialOut.reach(actor.call, to);
    return actor.request({
      kind: 'warm_transfer', to: { kind, target: to }, target, timeoutMs, requestedBy: about.by, ...(briefing === undefined ? {} : { briefing }), ...(reason === undefined ? {} : { reason }),
    });
  }

  /** @throws PermanentError no_transfer, target_not_answered (409) */
  async complete(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'complete_transfer' });
  }

  /** @throws PermanentError no_transfer (409) */
  async cancel(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'cancel_transfer' });
  }
}
