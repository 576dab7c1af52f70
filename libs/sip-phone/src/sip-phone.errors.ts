import { PermanentError, TransientError } from '@troncal/kernel';

/** A SIP request was answered by a final status that isn't a success. */
export class SipRejectedError extends PermanentError {
  constructor(
    readonly request: string,
    /** The SIP status: 401, 486… (`status` is the HTTP one.) */
    readonly sipStatus: number,
    readonly reason: string,
    remedy?: string,
  ) {
    super('sip_rejected', `${request} was answered ${sipStatus} ${reason}`, { details: { request, sipStatus, reason }, ...(remedy === undefined ? {} : { remedy }) });
  }
}

/** Nobody answered a SIP request within 64·T1 (32 s unless told otherwise), or the phone was closed meanwhile. */
export class SipTimeoutError extends TransientError {
  constructor(message: string) {
    super('sip_timeout', message, { remedy: 'check that the address is right and that UDP gets through both ways' });
  }
}

/** What was waited for didn't come in time, or can't come any more; the message holds what is known of the call. */
export class CallWaitError extends TransientError {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('call_wait', message, { details });
  }
}

/** A session description that can't be used; it becomes a 488 to the other side. */
export class SdpError extends PermanentError {
  constructor(message: string) {
    super('sdp_unusable', message);
  }
}
