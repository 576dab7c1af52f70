import { destinationOf, parseNameAddress, parseUri, splitList, type HostPort } from './sip-address.js';
import { cseqOf, header, headers, tagOfFrom, tagOfTo, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from './sip-message.js';

const contactUri = (message: SipMessage): string | undefined => parseNameAddress(splitList(headers(message, 'Contact'))[0] ?? '')?.uri;

interface DialogParts {
  readonly callId: string;
  /** From and To as this side writes them, tags included. */
  readonly local: string;
  readonly remote: string;
  readonly remoteTag: string;
  readonly routeSet: readonly string[];
  readonly remoteTarget: string;
  readonly localNumber: number;
  readonly remoteNumber: number | undefined;
}

/** One SIP dialog, RFC 3261 section 12. Loose routing only: no proxy of our time is strict. */
export class Dialog {
  readonly callId: string;
  readonly remoteTag: string;
  private readonly local: string;
  private readonly remote: string;
  private readonly routeSet: readonly string[];
  private remoteTarget: string;
  private localNumber: number;
  private remoteNumber: number | undefined;

  private constructor(parts: DialogParts) {
    this.callId = parts.callId;
    this.remoteTag = parts.remoteTag;
    this.local = parts.local;
    this.remote = parts.remote;
    this.routeSet = parts.routeSet;
    this.remoteTarget = parts.remoteTarget;
    this.localNumber = parts.localNumber;
    this.remoteNumber = parts.remoteNumber;
  }

  /** The dialog that a success to our INVITE made. */
  static ofResponse(request: SipRequest, response: SipResponse): Dialog {
    return new Dialog({
      callId: header(request, 'Call-ID') ?? '',
      local: header(request, 'From') ?? '',
      remote: header(response, 'To') ?? '',
      remoteTag: tagOfTo(response) ?? '',
      routeSet: splitList(headers(response, 'Record-Route')).reverse(),
      remoteTarget: contactUri(response) ?? request.uri,
      localNumber: cseqOf(request).number,
      remoteNumber: undefined,
    });
  }

  /** The dialog that our success to an INVITE makes. */
  static ofRequest(request: SipRequest, localTag: string): Dialog {
    return new Dialog({
      callId: header(request, 'Call-ID') ?? '',
      local: `${header(request, 'To') ?? ''};tag=${localTag}`,
      remote: header(request, 'From') ?? '',
      remoteTag: tagOfFrom(request) ?? '',
      routeSet: splitList(headers(request, 'Record-Route')),
      remoteTarget: contactUri(request) ?? parseNameAddress(header(request, 'From') ?? '')?.uri ?? '',
      localNumber: 0,
      remoteNumber: cseqOf(request).number,
    });
  }

  /** Whether a request of the other side comes in order; one that doesn't gets 500. Takes over its target. */
  accepts(request: SipRequest): boolean {
    const { number, method } = cseqOf(request);
    if (this.remoteNumber !== undefined && number <= this.remoteNumber) return false;
    this.remoteNumber = number;
    if (method === 'INVITE') this.remoteTarget = contactUri(request) ?? this.remoteTarget;
    return true;
  }

  /** A success to our re-INVITE may move the other side. */
  refreshTarget(response: SipResponse): void {
    this.remoteTarget = contactUri(response) ?? this.remoteTarget;
  }

  /** The next request inside the dialog. */
  request(method: string, extra: readonly SipHeader[] = [], body = ''): SipRequest {
    this.localNumber += 1;
    return this.build(method, this.localNumber, extra, body);
  }

  /** The ACK of a success has the number of its INVITE. */
  ack(invite: SipRequest): SipRequest {
    return this.build('ACK', cseqOf(invite).number, [], '');
  }

  /** Next hop: the first route, else the other side's contact. */
  destination(fallback: HostPort): HostPort {
    const first = parseNameAddress(this.routeSet[0] ?? '')?.uri;
    return destinationOf(first ?? this.remoteTarget) ?? fallback;
  }

  private build(method: string, number: number, extra: readonly SipHeader[], body: string): SipRequest {
    return {
      kind: 'request',
      method,
      uri: parseUri(this.remoteTarget) === undefined ? (parseNameAddress(this.remote)?.uri ?? this.remoteTarget) : this.remoteTarget,
      headers: [
        ...this.routeSet.map((route) => ['Route', route] as const),
        ['Max-Forwards', '70'],
        ['From', this.local],
        ['To', this.remote],
        ['Call-ID', this.callId],
        ['CSeq', `${number} ${method}`],
        ...extra,
      ],
      body,
    };
  }
}
