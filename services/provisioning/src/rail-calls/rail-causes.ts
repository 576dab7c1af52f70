import type { RailFactOf } from './call-facts.js';

type TwilioStatus = RailFactOf<'status'>['status'];

/**
 * SIP's final answer to an INVITE as an ITU-T Q.850 cause: RFC 3398, section 8.2.6.1. It leaves 488 and 606 to the Warning header, which Twilio does not pass on:
 * 58, bearer capability not available, as Asterisk has it (res_pjsip, hangup_sip2cause), since both are codec quarrels here. 487 is the caller's own giving up.
 */
const CAUSE_OF_SIP: Readonly<Record<number, number>> = {
  400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 63, 406: 79, 407: 21, 408: 102, 410: 22, 413: 127, 414: 127, 415: 79, 416: 127, 420: 127, 421: 127, 423: 127,
  480: 18, 481: 41, 482: 25, 483: 25, 484: 28, 485: 1, 486: 17, 487: 16, 488: 58,
  500: 41, 501: 79, 502: 38, 503: 41, 504: 102, 505: 127, 513: 127,
  600: 17, 603: 21, 604: 1, 606: 58,
};

/** Twilio's own final words, where there is no SIP answer beside them. https://www.twilio.com/docs/voice/api/call-resource#call-status-values */
const CAUSE_OF_STATUS: Readonly<Partial<Record<TwilioStatus, number>>> = { completed: 16, busy: 17, 'no-answer': 19, canceled: 16, failed: 41 };

const FINAL: ReadonlySet<TwilioStatus> = new Set<TwilioStatus>(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** True for a status that nothing follows. */
export const isFinal = (status: TwilioStatus): boolean => FINAL.has(status);

/** The Q.850 cause of a leg or call that was not answered: SIP's answer says more than Twilio's status does, unless it is a success. */
export function causeOf({ status, sipCode }: { readonly status: TwilioStatus; readonly sipCode?: number | undefined }): number {
  if (sipCode !== undefined && sipCode >= 300) return CAUSE_OF_SIP[sipCode] ?? (sipCode >= 600 ? 21 : 41);
  return CAUSE_OF_STATUS[status] ?? 16;
}
