import { attribute, methodOf } from '../../twiml/attributes.js';
import { addressOf, type Verb } from '../verb.js';

export const hangup: Verb = () => Promise.resolve('hang-up');

/** Ends the document of a wait URL; elsewhere the end of the call. */
export const leave: Verb = () => Promise.resolve('leave');

export const redirect: Verb = (element, context) => Promise.resolve({ url: addressOf(context, element.text), method: methodOf(element), why: 'redirect' });

/** Refuses without an answer and so without cost; only as the first verb, later the call is answered and just ends. */
export const reject: Verb = (element, { call, warn }) => {
  const reason = attribute(element, 'reason') ?? 'rejected';
  if (reason !== 'busy' && reason !== 'rejected') warn(13810, `Reject: Invalid cause ${reason}`);
  if (call.isAnswered) return Promise.resolve('hang-up');
  // Towards a SIP caller: reference/twilio.md section 4.
  if (reason === 'busy') call.refuse('busy', 486);
  else call.refuse('failed', 404);
  return Promise.resolve('hang-up');
};
