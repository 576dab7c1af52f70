import { CALL_SID, countIn, parameter, type Webhook } from '../webhooks/webhook.js';
import type { CallNotes } from './call-facts-of.js';
import { sipCodeIn, statusIn } from './dial-outcome.js';

/** Notes what a <Dial>'s action says of the leg that it dialled. */
export function noteDial(notes: CallNotes, webhook: Webhook): void {
  const legSid = parameter(webhook, 'DialCallSid');
  const status = statusIn(webhook, 'DialCallStatus');
  if (legSid === undefined || !CALL_SID.test(legSid) || !status) return;
  const sipCode = sipCodeIn(webhook, 'DialSipResponseCode');
  const durationS = countIn(webhook, 'DialCallDuration');
  const callStatus = statusIn(webhook);
  notes.note({
    kind: 'leg-status',
    key: `dial:${legSid}`,
    legSid,
    status,
    ...(sipCode === undefined ? {} : { sipCode }),
    ...(durationS === undefined ? {} : { durationS }),
    ...(callStatus === undefined ? {} : { callStatus }),
  });
}
