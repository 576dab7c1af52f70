import type { Account } from '../../accounts/account.js';
import { userOf, type DialTarget } from '../flow/dialing/dial-target.js';
import type { OutgoingLine } from '../lines/outgoing-line.js';
import { PstnCallee } from '../lines/pstn-callee.js';
import type { Plane } from '../plane.js';
import { calleeOf } from '../voice-settings.js';
import { Call, type CallDirection } from './call.js';
import type { Calls } from './calls.js';

/** Whom a line leads to, and how whoever answers is told who calls. */
interface LineWish {
  readonly account: Account;
  readonly to: string;
  readonly from: string;
  readonly credentials: DialTarget['credentials'];
  readonly callSid: () => string;
}

/** Who reaches SIP phones. */
export interface SipReach {
  /** A line to the phones that are registered as this URI, or to the address it names. A line that can't come about ends as soon as it is started. */
  line(wish: Omit<LineWish, 'to'> & { readonly uri: string }): OutgoingLine;
}

/** Calls people: makes the leg's resource and its line. */
export class Dialer {
  sip: SipReach | undefined;
  private readonly lines = new Map<Call, OutgoingLine>();

  constructor(
    private readonly plane: Plane,
    private readonly calls: Calls,
  ) {}

  leg(parent: Call, target: DialTarget, callerId: string): Call {
    const { account } = parent.facts;
    const call = this.call(account, 'outbound-dial', callerId, target.to, parent, target.credentials);
    if (target.status !== undefined) this.plane.callbacks.follow(call, target.status);
    return call;
  }

  /** A call asked for by REST, which isn't started yet. */
  outbound(account: Account, from: string, to: string, credentials?: DialTarget['credentials']): Call {
    return this.call(account, 'outbound-api', from, to, undefined, credentials);
  }

  start(call: Call): void {
    this.lines.get(call)?.start();
  }

  private call(account: Account, direction: CallDirection, from: string, to: string, parent: Call | undefined, credentials: DialTarget['credentials']): Call {
    let made: Call | undefined;
    const line = this.lineTo({ account, to, from, credentials, callSid: () => made?.sid ?? '' });
    const call = new Call({ account, direction, from, to: to.split('?')[0]!, ...(parent === undefined ? {} : { parent }) }, line);
    made = call;
    this.lines.set(call, line);
    call.over.addEventListener('abort', () => this.lines.delete(call), { once: true });
    this.calls.add(call);
    return call;
  }

  private lineTo(wish: LineWish): OutgoingLine {
    const { settings } = this.plane;
    const address = wish.to.split('?')[0]!;
    const isSip = /^sips?:/i.test(address);
    // A SIP address is of a phone, unless the settings have somebody stand in for it.
    const does = isSip && !settings.callees.some(({ number }) => number === address) ? ({ what: 'sip', uri: wish.to } as const) : calleeOf(settings, address);
    if (does.what !== 'sip') return new PstnCallee(does);
    return this.sip?.line({ ...wish, uri: does.uri, from: userOf(wish.from) }) ?? new PstnCallee({ what: 'fail', sipStatus: 503 });
  }
}
