import { randomBytes } from 'node:crypto';
import { writtenHost, type HostPort } from './sip-address.js';
import { ClientTransaction } from './client-transaction.js';
import { digestHeader, challengeOf, type Credentials } from './sip-digest.js';
import { cseqOf, header, tagOfFrom, topViaOf, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from './sip-message.js';
import { SipTimeoutError } from './sip-phone.errors.js';
import { giveUpAfter, type SipTimers } from './sip-timers.js';
import { ServerTransaction } from './server-transaction.js';
import type { SipTransport } from './sip-transport.js';

/** What a sender of requests wants to know while one is under way. */
export interface RequestHooks {
  readonly onProvisional?: (response: SipResponse) => void;
  /** The transaction that carries the request now: the first, and each that repeats it with credentials. */
  readonly onTransaction?: (transaction: ClientTransaction) => void;
}

/** A request that got its final response. */
export interface Answered {
  readonly transaction: ClientTransaction;
  readonly response: SipResponse;
}

/** Finished transactions are kept as long as their messages may come again; they are swept when new ones come, so no timer runs for them. */
interface Kept<T> {
  readonly transaction: T;
  readonly madeAt: number;
}
/** An INVITE may ring for minutes before its transaction ends. */
const KEPT_MS = 10 * 60_000;
const MAX_AUTH_TRIES = 2;

/** All transactions of one phone: matches what arrives (RFC 3261, 17.1.3 and 17.2.3), hands new requests up. */
export class Transactions {
  /** A request that belongs to no transaction yet; ACKs and CANCELs of INVITEs included when they match nothing. */
  onRequest: (transaction: ServerTransaction) => void = () => undefined;
  /** CANCEL for an INVITE transaction of ours. */
  onCancel: (invite: ServerTransaction, cancel: SipRequest) => void = () => undefined;
  private readonly clients = new Map<string, Kept<ClientTransaction>>();
  private readonly servers = new Map<string, Kept<ServerTransaction>>();
  private closed = false;

  constructor(
    private readonly transport: SipTransport,
    private readonly sentBy: HostPort,
    readonly timers: SipTimers,
  ) {
    transport.onMessage = (message, from) => this.receive(message, from);
  }

  /** Sends a request, which gets its Via here. */
  start(request: SipRequest, to: HostPort, onProvisional?: (response: SipResponse) => void): ClientTransaction {
    this.sweep();
    const branch = `z9hG4bK${randomBytes(9).toString('hex')}`;
    const via: SipHeader = ['Via', `SIP/2.0/UDP ${writtenHost(this.sentBy.host)}:${this.sentBy.port};branch=${branch};rport`];
    return this.track({ ...request, headers: [via, ...request.headers] }, to, onProvisional);
  }

  /** CANCEL goes with the branch of its INVITE (RFC 3261, 9.1). */
  cancel(invite: ClientTransaction): ClientTransaction {
    return this.track(invite.cancelRequest(), invite.destination);
  }

  /** Sends without a transaction: the ACK of a success. */
  sendAck(ack: SipRequest, to: HostPort): void {
    const branch = `z9hG4bK${randomBytes(9).toString('hex')}`;
    this.transport.send({ ...ack, headers: [['Via', `SIP/2.0/UDP ${writtenHost(this.sentBy.host)}:${this.sentBy.port};branch=${branch};rport`], ...ack.headers] }, to);
  }

  /**
   * Sends a request and answers digest challenges, unless it has no user to answer as. `make` is called for each try with the header that answers the challenge (none the
   * first time) and must give a new CSeq each time. Resolves with the final response of the last try.
   */
  async request(make: (authorization: readonly SipHeader[]) => SipRequest, to: HostPort, credentials: Credentials, hooks: RequestHooks = {}): Promise<Answered> {
    let authorization: SipHeader[] = [];
    for (let tries = 0; ; tries += 1) {
      const transaction = this.start(make(authorization), to, hooks.onProvisional);
      hooks.onTransaction?.(transaction);
      const response = await transaction.final;
      const answer = credentials.user === '' ? undefined : digestHeader(response, credentials, transaction.request.method, transaction.request.uri);
      // A second challenge means wrong credentials, unless only the nonce was too old.
      const again = tries === 0 || (tries < MAX_AUTH_TRIES && challengeOf(response)?.challenge.stale === true);
      if (answer === undefined || !again) return { transaction, response };
      authorization = [answer];
    }
  }

  /** Ends everything under way: requests reject, responses aren't repeated any more. */
  close(): void {
    this.closed = true;
    for (const { transaction } of this.clients.values()) transaction.fail(new SipTimeoutError(`${transaction.request.method} ${transaction.request.uri} had no final answer when the phone was closed`));
    for (const { transaction } of this.servers.values()) transaction.stop();
    this.clients.clear();
    this.servers.clear();
  }

  private track(request: SipRequest, to: HostPort, onProvisional?: (response: SipResponse) => void): ClientTransaction {
    const transaction = new ClientTransaction(request, to, {
      timers: this.timers,
      send: (message, peer) => this.transport.send(message, peer),
      ...(onProvisional === undefined ? {} : { onProvisional }),
    });
    if (this.closed) transaction.fail(new SipTimeoutError(`${request.method} ${request.uri}: the phone is closed`));
    else this.clients.set(`${request.method} ${transaction.branch}`, { transaction, madeAt: performance.now() });
    return transaction;
  }

  private receive(message: SipMessage, from: HostPort): void {
    if (this.closed) return;
    const branch = topViaOf(message)?.params.get('branch') ?? '';
    if (message.kind === 'response') {
      this.clients.get(`${cseqOf(message).method} ${branch}`)?.transaction.receive(message);
      return;
    }
    const known = this.servers.get(this.serverKey(message, message.method));
    if (message.method === 'ACK') this.inviteOfAck(message)?.acknowledge(message);
    else if (known !== undefined) known.transaction.repeat();
    else this.accept(message, from);
  }

  private accept(request: SipRequest, from: HostPort): void {
    this.sweep();
    const transaction = new ServerTransaction(request, from, { timers: this.timers, send: (response, to) => this.transport.send(response, to) });
    this.servers.set(this.serverKey(request, request.method), { transaction, madeAt: performance.now() });
    const cancelled = request.method === 'CANCEL' ? this.servers.get(this.serverKey(request, 'INVITE'))?.transaction : undefined;
    if (cancelled === undefined) {
      this.onRequest(transaction);
      return;
    }
    transaction.respond(200);
    if (cancelled.finalStatus === undefined) this.onCancel(cancelled, request);
  }

  /** RFC 3261, 17.2.3: branch, sent-by and method; clients of RFC 2543 send no such branch and are told apart by Call-ID and CSeq. */
  private serverKey(request: SipRequest, method: string): string {
    const via = topViaOf(request);
    const branch = via?.params.get('branch') ?? '';
    const unique = branch.startsWith('z9hG4bK') ? branch : `${header(request, 'Call-ID')} ${cseqOf(request).number}`;
    return `${method} ${unique} ${via?.sentBy.host}:${via?.sentBy.port}`;
  }

  /** The ACK of a success has a branch of its own, so both kinds are found by call and number. */
  private inviteOfAck(ack: SipRequest): ServerTransaction | undefined {
    const { number } = cseqOf(ack);
    for (const { transaction } of this.servers.values()) {
      const { request } = transaction;
      if (request.method === 'INVITE' && cseqOf(request).number === number && header(request, 'Call-ID') === header(ack, 'Call-ID') && tagOfFrom(request) === tagOfFrom(ack)) return transaction;
    }
    return undefined;
  }

  private sweep(): void {
    const before = performance.now() - Math.max(KEPT_MS, 2 * giveUpAfter(this.timers));
    for (const kept of [this.clients, this.servers]) for (const [key, { madeAt }] of kept) if (madeAt < before) kept.delete(key);
  }
}
