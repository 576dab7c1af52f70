import type { RailFactOf } from '../../rail-calls/call-facts.js';
import { countIn, parameter, type Webhook } from '../webhooks/webhook.js';

export type CallStatus = RailFactOf<'status'>['status'];

/** https://www.twilio.com/docs/voice/api/call-resource#call-status-values */
const STATUSES: ReadonlySet<string> = new Set<CallStatus>(['queued', 'initiated', 'ringing', 'in-progress', 'completed', 'busy', 'failed', 'no-answer', 'canceled']);
const OVER: ReadonlySet<string> = new Set<CallStatus>(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

/** A call's status as a webhook has it; undefined for a word that isn't known (`answered`, as an event is called, is `in-progress`). */
export function statusIn(webhook: Webhook, name = 'CallStatus'): CallStatus | undefined {
  const given = parameter(webhook, name)?.toLowerCase();
  const text = given === 'answered' ? 'in-progress' : given;
  return text !== undefined && isStatus(text) ? text : undefined;
}

const isStatus = (text: string): text is CallStatus => STATUSES.has(text);

/** The caller has gone: nobody hears what is answered now. */
export function callerIsGone(webhook: Webhook): boolean {
  return OVER.has(statusIn(webhook) ?? '');
}

/** How a <Dial> ended, by its action's webhook. */
export type DialOutcome = 'talked' | 'not_reached' | 'caller_gone';

/** `completed` (or, in older answers, `answered`): both talked, and the dialled side has left. `canceled`: the caller left first. */
export function dialOutcome(webhook: Webhook): DialOutcome {
  const status = statusIn(webhook, 'DialCallStatus');
  if (status === 'completed' || status === 'in-progress') return 'talked';
  return status === 'canceled' || callerIsGone(webhook) ? 'caller_gone' : 'not_reached';
}

/** The SIP answer of the dialled side, where it is one. */
export function sipCodeIn(webhook: Webhook, name: string): number | undefined {
  const code = countIn(webhook, name);
  return code !== undefined && code >= 100 && code <= 699 ? code : undefined;
}
