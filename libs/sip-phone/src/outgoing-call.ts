import { randomBytes } from 'node:crypto';
import { ALLOW, contactHeader, fromValue, USER_AGENT, type CallHost } from './call-host.js';
import { q850Of } from './call-end.js';
import type { CallMediaOptions } from './call-media.js';
import type { ClientTransaction } from './client-transaction.js';
import { Dialog } from './dialog.js';
import type { HostPort } from './sip-address.js';
import { SipCall } from './sip-call.js';
import { tagOfTo, type SipHeader, type SipRequest, type SipResponse } from './sip-message.js';
import { SdpError } from './sip-phone.errors.js';
import { errorText } from '@troncal/kernel';

/** Where an outgoing call goes. */
export interface CallTarget {
  readonly uri: string;
  readonly destination: HostPort;
  /** Extra headers of the INVITE. */
  readonly headers: readonly SipHeader[];
}

/** A call made here. */
export class OutgoingCall extends SipCall {
  readonly callId = randomBytes(12).toString('hex');
  readonly remoteAddress: string;
  private number = 0;
  private transaction: ClientTransaction | undefined;
  private cancelling = false;
  private progress = false;

  private constructor(
    host: CallHost,
    private readonly target: CallTarget,
    onEnded: (call: SipCall) => void,
  ) {
    super(host, onEnded);
    this.remoteAddress = `<${target.uri}>`;
  }

  /** Sends the INVITE. Resolves once it is sent; how the call goes is told by the call. */
  static async start(host: CallHost, target: CallTarget, media: CallMediaOptions, onEnded: (call: SipCall) => void): Promise<OutgoingCall> {
    const call = new OutgoingCall(host, target, onEnded);
    await call.openMedia(media);
    call.invite();
    return call;
  }

  protected async giveUp(): Promise<void> {
    this.cancelling = true;
    // A CANCEL before the first provisional would overtake its INVITE (RFC 3261, 9.1).
    if (this.progress) this.sendCancel();
    await this.ended({ timeoutMs: this.giveUpMs }).catch(() => this.finish({ by: 'local', reason: 'given up, the CANCEL had no effect' }));
  }

  protected abandonInvite(): void {
    this.cancelling = false;
  }

  private invite(): void {
    const offer = this.media.offer();
    this.invitedAtMs = performance.now();
    const hooks = {
      onProvisional: (response: SipResponse) => this.onProvisional(response),
      onTransaction: (transaction: ClientTransaction) => {
        this.transaction = transaction;
        this.progress = false;
        transaction.onSuccess = (response) => this.onSuccess(transaction, response);
      },
    };
    this.host.transactions
      .request((authorization) => this.request(offer, authorization), this.target.destination, this.host.identity.credentials, hooks)
      .then(
        ({ response }) => this.onFinal(response),
        (error: unknown) => this.finish({ by: this.cancelling ? 'local' : 'failed', reason: errorText(error) }),
      );
  }

  private request(offer: string, authorization: readonly SipHeader[]): SipRequest {
    const { identity } = this.host;
    this.number += 1;
    return {
      kind: 'request',
      method: 'INVITE',
      uri: this.target.uri,
      headers: [
        ['Max-Forwards', '70'],
        ['From', `${fromValue(identity)};tag=${this.localTag}`],
        ['To', this.remoteAddress],
        ['Call-ID', this.callId],
        ['CSeq', `${this.number} INVITE`],
        contactHeader(identity),
        ALLOW,
        USER_AGENT,
        ['Content-Type', 'application/sdp'],
        ...this.target.headers,
        ...authorization,
      ],
      body: offer,
    };
  }

  private onProvisional(response: SipResponse): void {
    this.lastResponse = response;
    this.progress = true;
    if (this.cancelling) this.sendCancel();
    if (response.status === 180 || response.status === 183) this.markRinging(response.status);
    if (response.body !== '') this.tryAnswer(response.body);
  }

  /** Early media: who can't be understood yet may be in the final answer. */
  private tryAnswer(sdp: string): SdpError | undefined {
    try {
      this.media.takeAnswer(sdp);
      return undefined;
    } catch (error) {
      if (error instanceof SdpError) return error;
      throw error;
    }
  }

  private onSuccess(transaction: ClientTransaction, response: SipResponse): void {
    const known = this.dialog;
    const repeated = known !== undefined && known.remoteTag === tagOfTo(response);
    const dialog = repeated ? known : Dialog.ofResponse(transaction.request, response);
    this.acknowledge(dialog, transaction);
    if (repeated) return;
    if (known !== undefined || this.callEnd !== undefined) {
      // A second phone answered the same call, or one answered a call that was given up: one dialog per call.
      this.hangUpOther(dialog);
      return;
    }
    this.lastResponse = response;
    this.dialog = dialog;
    const unusable = this.tryAnswer(response.body);
    if (this.cancelling) this.leave(dialog, { by: 'local', reason: 'hung up before the answer came' });
    else if (unusable !== undefined) this.leave(dialog, { by: 'failed', reason: unusable.message });
    else this.markAnswered(dialog);
  }

  private onFinal(response: SipResponse): void {
    this.lastResponse = response;
    if (response.status < 300) return;
    this.finish({ by: this.cancelling ? 'local' : 'failed', sipStatus: response.status, reason: response.reason, ...q850Of(response) });
  }

  private leave(dialog: Dialog, end: { readonly by: 'local' | 'failed'; readonly reason: string }): void {
    this.bye(dialog, end).catch(() => undefined);
  }

  private hangUpOther(dialog: Dialog): void {
    this.host.transactions.start(dialog.request('BYE', [USER_AGENT]), this.destination(dialog));
  }

  private sendCancel(): void {
    if (this.transaction !== undefined) this.host.transactions.cancel(this.transaction);
  }
}
