import type { DeclaredNumber } from '@troncal/contracts';
import type { BundleState, PortState } from '../twilio/account/papers/papers.js';

/** What was seen of all that a number waits for. `undefined`: there is none of that SID. */
export interface SeenPapers {
  /** The account has it. */
  readonly there: boolean;
  readonly bundle?: BundleState | undefined;
  readonly port?: PortState | undefined;
}

/** What becomes of a number that waits. */
export interface Verdict {
  /** Nothing stands in its way any more, as far as can be seen: a run may go on with it. */
  readonly free: boolean;
  readonly why: string;
  readonly who: string;
  /** What people have settled, to be told. */
  readonly settled?: 'approved' | 'rejected';
}

const APPROVED = new Set(['twilio-approved', 'provisionally-approved']);

/** How a number that waits stands, and who has to do what. Pure; undefined when no paper of its own says anything about it. */
export function judgeWaiting(number: DeclaredNumber, { there, bundle, port }: SeenPapers): Verdict | undefined {
  if (there) return { free: true, why: 'It is in the account now.', who: 'Nobody: a run takes it up.' };
  if (number.have === 'buy' && number.bundle !== undefined) return judgeBundle(number.bundle, bundle);
  if (number.have === 'port-in' && number.request !== undefined) return judgePort(number.request, port);
  return undefined;
}

function judgeBundle(sid: string, bundle: BundleState | undefined): Verdict | undefined {
  if (bundle === undefined) return undefined;
  const { status, reason } = bundle;
  if (APPROVED.has(status)) return { free: true, why: `Its bundle ${sid} is approved.`, who: 'Nobody: a run buys it.', settled: 'approved' };
  switch (status) {
    case 'twilio-rejected':
      return { free: false, why: `Twilio has rejected its bundle ${sid}${reason === undefined ? '' : `: ${reason}`}.`, who: 'You: mend what is named in that same bundle, and hand it in again.', settled: 'rejected' };
    case 'pending-review':
    case 'in-review':
      return { free: false, why: `Its bundle ${sid} is ${status}.`, who: 'Twilio’s people: they review it, which takes days.' };
    default:
      return { free: false, why: `Its bundle ${sid} is ${status}.`, who: 'You: complete it and hand it in (status pending-review).' };
  }
}

/** Twilio's names of a request's states (twilio.com/docs/phone-numbers/port-in), however they are spelt. */
function judgePort(sid: string, port: PortState | undefined): Verdict {
  if (port === undefined) return { free: false, why: `The account has no port-in request ${sid}.`, who: 'You: name the request of this account, or of the subaccount that the number comes to.' };
  const when = port.targetDate === undefined ? '' : `, meant for ${port.targetDate}`;
  const why = `Twilio’s port-in request ${sid} is "${port.status}"${when}${port.reason === undefined ? '' : `: ${port.reason}`}.`;
  return { free: false, why, who: PORT_STATES[port.status.toLowerCase().replaceAll(/[^a-z]/g, '')] ?? 'You: see the request in Twilio’s Console.' };
}

const PORT_STATES: Readonly<Record<string, string>> = {
  inreview: 'Twilio’s people: they review it.',
  waitingforsignature: 'The number’s owner: sign the letter of authorisation that Twilio has sent by mail.',
  actionrequired: 'You: answer what Twilio asks in the request, with the losing carrier’s latest bill at hand.',
  inprogress: 'The losing carrier: it lets the number go on that day. Keep its line until then.',
  completed: 'Twilio: the number comes into the account shortly; a support ticket if it doesn’t within a day.',
  expired: 'You: file the port again, and declare the new request.',
  canceled: 'You: file the port again, and declare the new request.',
};
