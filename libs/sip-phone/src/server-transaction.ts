import { randomBytes } from 'node:crypto';
import type { HostPort } from './sip-address.js';
import { header, headers, tagOfTo, topViaOf, type SipHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { giveUpAfter, Retransmission, type SipTimers } from './sip-timers.js';

export interface ServerTransactionOptions {
  readonly timers: SipTimers;
  readonly send: (response: SipResponse, to: HostPort) => void;
}

/** What a response may carry besides what it copies from the request. */
export interface ResponseParts {
  readonly reason?: string;
  readonly headers?: readonly SipHeader[];
  readonly body?: string;
  /** Tag of To in a response that makes or refuses a dialog; one is made up otherwise. */
  readonly tag?: string;
}

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  420: 'Bad Extension',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  603: 'Decline',
};

/**
 * A request that arrived, RFC 3261 section 17.2, over UDP: a request that comes again gets the last response again; a final response to an
 * INVITE is repeated until its ACK comes (by RFC 3261 13.3.1.4 for a success, timers G and H otherwise).
 */
export class ServerTransaction {
  /** The ACK of a final response to an INVITE came; it may carry the answer to an offer. */
  onAck: (ack: SipRequest) => void = () => undefined;
  /** No ACK came in 64·T1. */
  onNoAck: () => void = () => undefined;
  private last: SipResponse | undefined;
  private retransmission: Retransmission | undefined;
  private acknowledged = false;
  private readonly madeTag = randomBytes(6).toString('hex');

  constructor(
    readonly request: SipRequest,
    readonly source: HostPort,
    private readonly options: ServerTransactionOptions,
  ) {}

  /** Status of the final response sent, if any. */
  get finalStatus(): number | undefined {
    return this.last !== undefined && this.last.status >= 200 ? this.last.status : undefined;
  }

  /** Sends a response; after a final one nothing more is sent. */
  respond(status: number, parts: ResponseParts = {}): void {
    if (this.finalStatus !== undefined) return;
    const response = this.responseOf(status, parts);
    this.last = response;
    this.send();
    if (status < 200 || this.request.method !== 'INVITE') return;
    const { t1, t2 } = this.options.timers;
    this.retransmission = new Retransmission(
      () => this.send(),
      { first: t1, longest: t2, giveUp: giveUpAfter(this.options.timers) },
      () => this.onNoAck(),
    );
  }

  /** The same request again. */
  repeat(): void {
    if (this.last !== undefined && !this.acknowledged) this.send();
  }

  acknowledge(ack: SipRequest): void {
    if (this.finalStatus === undefined || this.acknowledged) return;
    this.acknowledged = true;
    this.retransmission?.stop();
    this.onAck(ack);
  }

  /** Stops repeating. */
  stop(): void {
    this.retransmission?.stop();
  }

  private send(): void {
    if (this.last !== undefined) this.options.send(this.last, this.returnAddress());
  }

  /** Where responses go: RFC 3261 18.2.2 with RFC 3581's rport. */
  private returnAddress(): HostPort {
    const via = topViaOf(this.request);
    return via === undefined || via.params.has('rport') ? this.source : { host: this.source.host, port: via.sentBy.port };
  }

  private responseOf(status: number, parts: ResponseParts): SipResponse {
    const [topVia = '', ...otherVias] = headers(this.request, 'Via');
    const to = header(this.request, 'To') ?? '';
    const tagged = status === 100 || tagOfTo(this.request) !== undefined ? to : `${to};tag=${parts.tag ?? this.madeTag}`;
    return {
      kind: 'response',
      status,
      reason: parts.reason ?? REASONS[status] ?? 'Unknown',
      headers: [
        ['Via', this.markedVia(topVia)],
        ...otherVias.map((via) => ['Via', via] as const),
        ...headers(this.request, 'Record-Route').map((route) => ['Record-Route', route] as const),
        ['From', header(this.request, 'From') ?? ''],
        ['To', tagged],
        ['Call-ID', header(this.request, 'Call-ID') ?? ''],
        ['CSeq', header(this.request, 'CSeq') ?? ''],
        ...(parts.headers ?? []),
      ],
      body: parts.body ?? '',
    };
  }

  /** `received`, and `rport` filled in where it was asked for: what NAT needs to find out about itself. */
  private markedVia(via: string): string {
    const [first = '', ...rest] = via.split(',');
    const filled = first.replace(/;\s*rport(?=\s*(?:;|$))/i, `;rport=${this.source.port}`);
    return [`${filled};received=${this.source.host}`, ...rest].join(',');
  }
}
