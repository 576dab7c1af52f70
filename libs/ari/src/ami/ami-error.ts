import { TroncalError } from '@troncal/kernel';

/** An action that Asterisk refused, or that got no answer (`retryable`; whether it was carried out is unknown then). */
export class AmiError extends TroncalError {
  readonly retryable: boolean;

  constructor(
    readonly action: string,
    /** Asterisk's words, or ours when there were none. */
    readonly said: string,
    answered: boolean,
  ) {
    super(answered ? 'ami_refused' : 'ami_unreachable', `Asterisk (AMI): ${action}: ${said}`, {
      details: { action, said },
      remedy: answered ? "manager.conf of the edge says what this user may do; Asterisk's words say the rest." : 'Try again when the connection is back.',
    }, answered ? 502 : 503);
    this.retryable = !answered;
  }
}
