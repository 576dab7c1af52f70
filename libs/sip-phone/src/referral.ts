import { header, type SipHeader, type SipRequest } from './sip-message.js';

/** Of the one notification that we send: how the call went that we were sent on (RFC 3515). */
export const REFERRED: readonly SipHeader[] = [['Event', 'refer'], ['Subscription-State', 'terminated;reason=noresource'], ['Content-Type', 'message/sipfrag;version=2.0']];

const GONE = 487;
const FRAGMENT = /^SIP\/2\.0 ([2-6]\d\d)/;

/** One call's part in transfers by REFER. */
export class Referral {
  /** Whether this side goes where it is sent. */
  decide: ((target: string) => boolean) | undefined;
  private settle: ((sipStatus: number) => void) | undefined;

  /** Settles with the final status that the other side notifies, 487 when the call ends before. */
  begin(): Promise<number> {
    return new Promise((resolve) => (this.settle = resolve));
  }

  /** Takes a notification; others than of a transfer's end mean nothing. */
  notice(request: SipRequest): void {
    const status = FRAGMENT.exec(request.body)?.[1];
    if (request.method === 'NOTIFY' && status !== undefined && header(request, 'Event')?.startsWith('refer') === true) this.settle?.(Number(status));
  }

  end(): void {
    this.settle?.(GONE);
  }
}
