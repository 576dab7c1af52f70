import { PermanentError } from '@troncal/kernel';
import type { TenantDirectory } from '../../tenant-directory/tenant-directory.js';
import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';
import type { DialOut } from './dial-out.js';
import { transferTarget, type TransferRequest } from './transfer-target.js';

/** Sends callers on, without a consultation. */
export class TransferCall {
  constructor(
    private readonly desk: CallDesk,
    private readonly directory: TenantDirectory,
    private readonly dialOut: DialOut,
  ) {}

  /** @throws PermanentError unknown_route, no_such_endpoint, validation_failed (422); the dial guard's reason (403); call_not_answered, wrong_state (409) */
  async run(about: AboutCall, request: TransferRequest): Promise<Call> {
    const targets = [request.extension, request.number, request.queue, request.route, request.agent].filter((each) => each !== undefined);
    if (targets.length !== 1) throw new PermanentError('validation_failed', 'A transfer has exactly one target.', { remedy: 'Give one of "extension", "number", "queue", "route" and "agent".' });
    const actor = await callMeant(this.desk, about);
    const to = transferTarget(actor.call, request, this.directory, this.dialOut);
    return actor.request({ kind: 'transfer', to, requestedBy: about.by, comesBack: request.onNoAnswer === 'return', ...(request.reason === undefined ? {} : { reason: request.reason }) });
  }
}
