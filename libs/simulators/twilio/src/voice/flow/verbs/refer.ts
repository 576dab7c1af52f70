import { attribute } from '../../twiml/attributes.js';
import { executable } from '../../twiml/schema.js';
import { actionOf, unlessInterrupted, type Verb } from '../verb.js';

/** Sends the SIP phone at the line's end elsewhere. When it has gone Twilio's part is over; the action is told how it went. */
export const refer: Verb = async (element, context) => {
  const { call, warn, signal } = context;
  const [target] = executable(element);
  const to = target?.text ?? '';
  if (call.line.refer === undefined) {
    warn(13801, 'Refer not allowed on non-SIP call legs');
    return 'on';
  }
  const sipStatus = await unlessInterrupted(signal, call.line.refer(to));
  const parameters = { ReferCallStatus: sipStatus < 300 ? 'completed' : 'failed', ReferSipResponseCode: String(sipStatus) };
  if (attribute(element, 'action') !== undefined) return actionOf(element, context, parameters);
  return sipStatus < 300 ? 'hang-up' : 'on';
};
