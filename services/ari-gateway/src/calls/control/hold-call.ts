import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';

/** Puts callers on hold and takes them back. */
export class HoldCall {
  constructor(private readonly desk: CallDesk) {}

  /** @throws PermanentError already_held, wrong_state (409) */
  async hold(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'hold', requestedBy: about.by });
  }

  /** @throws PermanentError not_held (409) */
  async resume(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'resume' });
  }
}
