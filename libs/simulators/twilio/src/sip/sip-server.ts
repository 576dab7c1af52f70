import {
  header, headers, IncomingCall, localAddressTowards, SIP_TIMERS, SipTransport, tagOfTo, Transactions, writtenHost,
  type CallHost, type CallMediaOptions, type ServerTransaction, type SipCall, type SipHeader, type SipTimers,
} from '@troncal/sip-phone';
import type { CallMaking } from './sip-network.js';
import type { SipLog } from './sip-log.js';

export interface SipServerOptions {
  readonly host: string;
  /** 0: whichever is free. */
  readonly port: number;
  readonly timers?: SipTimers;
}

/** What a server does with requests that begin something. */
export interface SipHandlers {
  onRegister(transaction: ServerTransaction): void;
  onInvite(transaction: ServerTransaction): void;
}

const ALLOW: SipHeader = ['Allow', 'INVITE, ACK, CANCEL, BYE, REFER, NOTIFY, OPTIONS, REGISTER'];
const WILDCARD = '0.0.0.0';

/** One UDP port that phones talk to: its transactions, and the calls that are up through it. */
export class SipServer implements CallMaking {
  handlers: SipHandlers = { onRegister: (transaction) => transaction.respond(405), onInvite: (transaction) => transaction.respond(480) };
  private readonly calls = new Set<SipCall>();

  private constructor(
    private readonly transport: SipTransport,
    private readonly transactions: Transactions,
    readonly media: CallMediaOptions,
  ) {
    transactions.onRequest = (transaction) => this.receive(transaction);
    transactions.onCancel = (invite, cancel) => {
      for (const call of this.calls) if (call instanceof IncomingCall && call.isOf(invite)) call.cancelled(cancel);
    };
  }

  /** Rejects when the address can't be bound. */
  static async open({ host, port, timers }: SipServerOptions, log: SipLog): Promise<SipServer> {
    const localAddress = host === WILDCARD ? await localAddressTowards({ host: '192.0.2.1', port: 9 }) : host;
    const transport = await SipTransport.bind({ bindAddress: host, port, trace: (trace) => log.add(trace) });
    const transactions = new Transactions(transport, { host: localAddress, port: transport.port }, timers ?? SIP_TIMERS);
    const media: CallMediaOptions = { bindAddress: host, localAddress, codecs: ['PCMU', 'PCMA'], silenceWhenIdle: false, firstSequence: undefined };
    return new SipServer(transport, transactions, media);
  }

  /** `127.0.0.1:41234` */
  get address(): string {
    return `${writtenHost(this.media.localAddress)}:${this.transport.port}`;
  }

  get port(): number {
    return this.transport.port;
  }

  /** Rings back to who sent the INVITE. */
  ring(transaction: ServerTransaction): IncomingCall {
    const host = this.hostFor({ fromUser: 'twilio', domain: 'sip.twilio.com', credentials: undefined });
    const call = IncomingCall.ring(host, transaction, this.media, (over) => this.forget(over));
    this.track(call);
    return call;
  }

  hostFor({ fromUser, domain, credentials }: Parameters<CallMaking['hostFor']>[0]): CallHost {
    const known = { credentials: credentials ?? { user: '', password: '' }, displayName: undefined, registrar: undefined };
    return { transactions: this.transactions, identity: { ...known, fromUser, domain, contact: `sip:twilio@${this.address}` } };
  }

  track(call: SipCall): void {
    this.calls.add(call);
  }

  forget(call: SipCall): void {
    this.calls.delete(call);
  }

  /** Ends every call without waiting for the other sides, and frees the port. */
  async close(): Promise<void> {
    const ending = [...this.calls];
    for (const call of ending) call.hangup().catch(() => undefined);
    this.transactions.close();
    for (const call of ending) call.abandon('the simulator was closed');
    await Promise.all(ending.map(({ released }) => released));
    await this.transport.close();
  }

  private receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const toTag = tagOfTo(request);
    const call = [...this.calls].find((each) => each.matches(header(request, 'Call-ID'), toTag));
    const required = headers(request, 'Require');
    if (call !== undefined) call.receive(transaction);
    else if (toTag !== undefined || request.method === 'BYE' || request.method === 'CANCEL') transaction.respond(481);
    else if (required.length > 0) transaction.respond(420, { headers: [['Unsupported', required.join(', ')]] });
    else if (request.method === 'INVITE') this.handlers.onInvite(transaction);
    else if (request.method === 'REGISTER') this.handlers.onRegister(transaction);
    else if (request.method === 'OPTIONS') transaction.respond(200, { headers: [ALLOW] });
    else transaction.respond(405, { headers: [ALLOW] });
  }
}
