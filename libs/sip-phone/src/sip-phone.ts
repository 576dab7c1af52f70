import { withDeadline } from '@troncal/kernel';
import { ALLOW, escapeUser, type CallHost, type PhoneIdentity } from './call-host.js';
import { CallWaiting } from './call-waiting.js';
import type { CallMediaOptions } from './call-media.js';
import { IncomingCall } from './incoming-call.js';
import { OutgoingCall } from './outgoing-call.js';
import { Registration, type RegistrationState } from './registration.js';
import type { CodecName } from './sdp.js';
import { destinationOf, parseUri, writtenHost, type HostPort } from './sip-address.js';
import type { SipCall } from './sip-call.js';
import { header, headers, tagOfTo } from './sip-message.js';
import { SIP_TIMERS, type SipTimers } from './sip-timers.js';
import { localAddressTowards, SipTransport, type SipTrace } from './sip-transport.js';
import type { ServerTransaction } from './server-transaction.js';
import { Transactions } from './transactions.js';

export interface SipPhoneOptions {
  /** IP address of the sockets; 0.0.0.0 for all. */
  readonly bindAddress: string;
  /** UDP port of SIP; any free one unless told. RTP takes a free one per call. */
  readonly port?: number;
  readonly user: string;
  readonly password?: string;
  /** The PBX: where registrations and calls to plain numbers go. Without it only `sip:` addresses can be called. */
  readonly registrar?: HostPort;
  /** Domain of addresses; the registrar's host unless told. */
  readonly domain?: string;
  /** The address that others are told to send to; found out when `bindAddress` is 0.0.0.0. */
  readonly localAddress?: string;
  readonly displayName?: string;
  /** In order of preference; PCMU before PCMA unless told. */
  readonly codecs?: readonly CodecName[];
  /** Sends silent frames while nothing is played, as telephones do; true unless told. */
  readonly silenceWhenIdle?: boolean;
  /** The sequence number that each call's RTP begins with; random unless told (RFC 3550, 5.1). */
  readonly firstSequence?: number;
  readonly timers?: SipTimers;
  /** Sees every message and every datagram that was none. */
  readonly trace?: (trace: SipTrace) => void;
}

const DEFAULT_EXPIRES_S = 300;
/** How long `close` waits for the other sides, ms. */
const CLOSING_MS = 1000;
const WILDCARDS = new Set(['0.0.0.0', '::']);

/**
 * A SIP telephone over UDP: registers, makes and takes any number of calls at a time, plays, listens, dials. For tests, for the demo call
 * and for verifying extensions. Nothing that arrives from the network can throw; `close` leaves no socket and no timer.
 */
export class SipPhone {
  private readonly calls = new Set<SipCall>();
  /** Sockets of ended calls that aren't free yet. */
  private readonly releases = new Set<Promise<void>>();
  /** Calls that ring and that nobody has taken by `nextCall`. */
  private readonly untaken: IncomingCall[] = [];
  private readonly waiting = new CallWaiting(() => `${this.address} ${this.registration.state}`);
  private handler: ((call: IncomingCall) => void | Promise<void>) | undefined;
  private readonly registrar: Registration | undefined;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly options: SipPhoneOptions,
    private readonly host: CallHost,
    private readonly transport: SipTransport,
    private readonly localAddress: string,
  ) {
    this.registrar = host.identity.registrar === undefined ? undefined : new Registration(host, host.identity.registrar);
    host.transactions.onRequest = (transaction) => this.receive(transaction);
    host.transactions.onCancel = (invite, cancel) => {
      for (const call of this.calls) if (call instanceof IncomingCall && call.isOf(invite)) call.cancelled(cancel);
    };
  }

  /** Binds the sockets. Rejects when the address can't be bound, or when no local address can be told to others. */
  static async open(options: SipPhoneOptions): Promise<SipPhone> {
    const localAddress = options.localAddress ?? (await findLocalAddress(options));
    const transport = await SipTransport.bind({ bindAddress: options.bindAddress, port: options.port ?? 0, ...(options.trace === undefined ? {} : { trace: options.trace }) });
    const here = { host: localAddress, port: transport.port };
    const identity: PhoneIdentity = {
      credentials: { user: options.user, password: options.password ?? '' },
      domain: options.domain ?? writtenHost(options.registrar?.host ?? localAddress),
      displayName: options.displayName,
      contact: `sip:${escapeUser(options.user)}@${writtenHost(here.host)}:${here.port}`,
      registrar: options.registrar,
    };
    return new SipPhone(options, { identity, transactions: new Transactions(transport, here, options.timers ?? SIP_TIMERS) }, transport, localAddress);
  }

  /** `sip:user@address:port`: how another phone calls this one directly. */
  get address(): string {
    return this.host.identity.contact;
  }

  get port(): number {
    return this.transport.port;
  }

  get registration(): RegistrationState {
    return this.registrar?.state ?? { state: 'none' };
  }

  /** Datagrams that weren't SIP. */
  get badDatagrams(): number {
    return this.transport.badDatagrams;
  }

  /** Calls that aren't over. */
  get activeCalls(): readonly SipCall[] {
    return [...this.calls];
  }

  /** Registers and stays registered. Rejects with SipRejectedError (wrong password: status 401) or SipTimeoutError. */
  async register(options: { readonly expiresS?: number } = {}): Promise<{ readonly expiresS: number }> {
    if (this.registrar === undefined) throw new RangeError('this phone has no registrar: open it with one');
    return this.registrar.register(options.expiresS ?? DEFAULT_EXPIRES_S);
  }

  async unregister(): Promise<void> {
    await this.registrar?.unregister();
  }

  /** Calls an extension at the registrar or a `sip:` address. Resolves when the INVITE is sent; see the call for the rest. */
  async call(target: string, options: { readonly headers?: Readonly<Record<string, string>> } = {}): Promise<OutgoingCall> {
    if (this.closing !== undefined) throw new RangeError('this phone is closed');
    const { uri, destination } = this.resolve(target);
    const call = await OutgoingCall.start(this.host, { uri, destination, headers: Object.entries(options.headers ?? {}) }, this.mediaOptions(), (over) => this.forget(over));
    if (call.callEnd === undefined) this.calls.add(call);
    return call;
  }

  /** Who takes calls from now on; they ring until it answers. A handler that throws refuses the call with 500 and raises a process warning. */
  onIncoming(handler: (call: IncomingCall) => void | Promise<void>): void {
    this.handler = handler;
  }

  /** The next call that rings and that no handler took, be it ringing already. Rejects with CallWaitError; deadline 10 s unless told. */
  nextCall(options: { readonly timeoutMs?: number } = {}): Promise<IncomingCall> {
    return this.waiting.until('waiting for a call', options.timeoutMs ?? 10_000, () => {
      while (this.untaken[0]?.callEnd !== undefined) this.untaken.shift();
      return this.untaken.shift();
    });
  }

  /** Hangs up, unregisters, frees sockets and timers. Waits at most a second for others each time; calling it again is the same closing. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    const goodbye = Promise.allSettled([...this.calls].map((call) => call.hangup())).then(() => this.registrar?.unregister());
    await withDeadline(goodbye, CLOSING_MS, 'closing the phone').catch(() => undefined);
    this.registrar?.stop();
    this.host.transactions.close();
    for (const call of this.calls) call.abandon('the phone was closed');
    await Promise.all([this.transport.close(), ...this.releases]);
    this.waiting.end('the phone was closed');
  }

  private resolve(target: string): { readonly uri: string; readonly destination: HostPort } {
    const { registrar, domain } = this.host.identity;
    if (/^sips?:/i.test(target)) {
      const destination = parseUri(target)?.host === domain && registrar !== undefined ? registrar : destinationOf(target);
      if (destination === undefined) throw new RangeError(`'${target}' is no SIP address`);
      return { uri: target, destination };
    }
    if (registrar === undefined) throw new RangeError(`'${target}' can't be called without a registrar: give a sip: address`);
    return { uri: `sip:${escapeUser(target)}@${domain}`, destination: registrar };
  }

  private forget(call: SipCall): void {
    this.calls.delete(call);
    const released = call.released.catch(() => undefined);
    this.releases.add(released);
    released.then(() => this.releases.delete(released)).catch(() => undefined);
  }

  private mediaOptions(): CallMediaOptions {
    return {
      bindAddress: this.options.bindAddress,
      localAddress: this.localAddress,
      codecs: this.options.codecs ?? ['PCMU', 'PCMA'],
      silenceWhenIdle: this.options.silenceWhenIdle ?? true,
      firstSequence: this.options.firstSequence,
    };
  }

  private receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const toTag = tagOfTo(request);
    const call = [...this.calls].find((each) => each.matches(header(request, 'Call-ID'), toTag));
    if (call !== undefined) call.receive(transaction);
    else if (toTag !== undefined || request.method === 'BYE' || request.method === 'CANCEL') transaction.respond(481);
    else if (request.method === 'INVITE') this.receiveInvite(transaction);
    else if (['OPTIONS', 'NOTIFY', 'MESSAGE'].includes(request.method)) transaction.respond(200, { headers: [ALLOW, ['Accept', 'application/sdp']] });
    else transaction.respond(405, { headers: [ALLOW] });
  }

  private receiveInvite(transaction: ServerTransaction): void {
    const required = headers(transaction.request, 'Require');
    if (required.length > 0) {
      transaction.respond(420, { headers: [['Unsupported', required.join(', ')]] });
      return;
    }
    if (this.closing !== undefined) {
      transaction.respond(480);
      return;
    }
    const call = IncomingCall.ring(this.host, transaction, this.mediaOptions(), (over) => this.forget(over));
    this.calls.add(call);
    if (this.handler === undefined) {
      this.untaken.push(call);
      this.waiting.look();
      return;
    }
    Promise.resolve(call)
      .then(this.handler)
      .catch((error: unknown) => {
        process.emitWarning(`the handler of incoming calls failed: ${String(error)}`);
        call.reject(500);
      });
  }
}

async function findLocalAddress(options: SipPhoneOptions): Promise<string> {
  if (!WILDCARDS.has(options.bindAddress)) return options.bindAddress;
  if (options.registrar === undefined) throw new RangeError(`bound to ${options.bindAddress} with no registrar, no address can be told to others: give localAddress`);
  return localAddressTowards(options.registrar);
}
