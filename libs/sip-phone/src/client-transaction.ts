import type { HostPort } from './sip-address.js';
import { header, topViaOf, type SipHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { SipTimeoutError } from './sip-phone.errors.js';
import { giveUpAfter, Retransmission, type SipTimers } from './sip-timers.js';

export interface ClientTransactionOptions {
  readonly timers: SipTimers;
  readonly send: (request: SipRequest, to: HostPort) => void;
  /** Every 1xx. */
  readonly onProvisional?: (response: SipResponse) => void;
}

/**
 * A request on its way, RFC 3261 section 17.1, over UDP. A final response settles `final`; that of an INVITE which isn't a success is
 * acknowledged here, each time it comes, one that is goes to `onSuccess` each time it comes, for the dialog to acknowledge.
 */
export class ClientTransaction {
  /** The first final response; rejects with SipTimeoutError. */
  readonly final: Promise<SipResponse>;
  /** Each 2xx of an INVITE, the first too; set before the next turn of the event loop. */
  onSuccess: (response: SipResponse) => void = () => undefined;
  /** Latest response of any kind. */
  lastResponse: SipResponse | undefined;
  private readonly retransmission: Retransmission;
  private resolve: (response: SipResponse) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;
  private finished = false;

  constructor(
    readonly request: SipRequest,
    readonly destination: HostPort,
    private readonly options: ClientTransactionOptions,
  ) {
    this.final = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Who only wants to have sent it (a BYE at closing) doesn't look at the result.
    this.final.catch(() => undefined);
    const { t1, t2 } = options.timers;
    const giveUp = giveUpAfter(options.timers);
    this.retransmission = new Retransmission(
      () => options.send(request, destination),
      { first: t1, longest: this.isInvite ? Infinity : t2, giveUp },
      () => this.fail(new SipTimeoutError(`${request.method} ${request.uri} got ${this.lastResponse === undefined ? 'no answer' : `only ${this.lastResponse.status}`} from ${destination.host}:${destination.port} in ${giveUp} ms`)),
    );
    options.send(request, destination);
  }

  get branch(): string {
    return topViaOf(this.request)?.params.get('branch') ?? '';
  }

  get isInvite(): boolean {
    return this.request.method === 'INVITE';
  }

  /** A response of this transaction arrived. */
  receive(response: SipResponse): void {
    if (response.status < 200) {
      if (this.finished) return;
      this.lastResponse = response;
      // Timer B ends with the first provisional: a phone may ring for minutes.
      if (this.isInvite) this.retransmission.stop();
      this.options.onProvisional?.(response);
      return;
    }
    this.lastResponse = response;
    if (this.isInvite && response.status >= 300) this.options.send(this.ackOf(response), this.destination);
    if (!this.finished) {
      this.finished = true;
      this.retransmission.stop();
      this.resolve(response);
    }
    if (this.isInvite && response.status < 300) this.onSuccess(response);
  }

  /** Gives up at once. */
  fail(error: Error): void {
    if (this.finished) return;
    this.finished = true;
    this.retransmission.stop();
    this.reject(error);
  }

  /** The ACK of a refusal belongs to the transaction: same branch, same Route (RFC 3261, 17.1.1.3). */
  private ackOf(response: SipResponse): SipRequest {
    return { kind: 'request', method: 'ACK', uri: this.request.uri, headers: [...this.kept('ACK'), ['To', header(response, 'To') ?? '']], body: '' };
  }

  /** The CANCEL of this INVITE (RFC 3261, 9.1). */
  cancelRequest(): SipRequest {
    return { kind: 'request', method: 'CANCEL', uri: this.request.uri, headers: [...this.kept('CANCEL'), ['To', header(this.request, 'To') ?? '']], body: '' };
  }

  private kept(method: string): SipHeader[] {
    const names = ['via', 'from', 'call-id', 'route', 'max-forwards'];
    const fields = this.request.headers.filter(([name]) => names.includes(name.toLowerCase()));
    return [...fields, ['CSeq', `${(header(this.request, 'CSeq') ?? '').split(/\s/)[0]} ${method}`]];
  }
}
