import type { SipTrace } from '@troncal/sip-phone';

/** One SIP message that came or went, without credentials and without its body. */
export interface LoggedSip {
  readonly at: string;
  readonly direction: 'in' | 'out';
  /** `127.0.0.1:5060` */
  readonly peer: string;
  /** `REGISTER sip:plaza.sip.twilio.com` or `200 OK` */
  readonly what: string;
  readonly cseq: string;
  readonly callId: string;
  readonly from: string;
  readonly to: string;
  /** Why it wasn't SIP, of what wasn't. */
  readonly fault?: string;
}

const MOST = 5_000;

/** The last messages, oldest first. */
export class SipLog {
  readonly messages: LoggedSip[] = [];

  add({ direction, peer, text, fault }: SipTrace): void {
    const field = (name: string): string => new RegExp(`^${name}\\s*:\\s*(.*?)\\s*$`, 'im').exec(text)?.[1] ?? '';
    const [first = ''] = text.split('\r\n');
    this.messages.push({
      at: new Date().toISOString(),
      direction,
      peer: `${peer.host}:${peer.port}`,
      what: fault === undefined ? first.replace(/^SIP\/2\.0 | SIP\/2\.0$/g, '') : '',
      cseq: field('CSeq'),
      callId: field('(?:Call-ID|i)'),
      from: field('(?:From|f)'),
      to: field('(?:To|t)'),
      ...(fault === undefined ? {} : { fault }),
    });
    if (this.messages.length > MOST) this.messages.shift();
  }
}
