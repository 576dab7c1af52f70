import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';

/** Sends digits to one party of a call. */
export class SendDigits {
  constructor(private readonly desk: CallDesk) {}

  /** @throws PermanentError nobody_there, wrong_state (409) */
  async run(about: AboutCall, request: { readonly digits: string; readonly to: 'caller' | 'other'; readonly masked: boolean }): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'send_digits', ...request });
  }
}
