import { ALLOW, contactHeader, type CallHost } from './call-host.js';
import { q850Of } from './call-end.js';
import type { CallMediaOptions } from './call-media.js';
import { Dialog } from './dialog.js';
import type { ServerTransaction } from './server-transaction.js';
import { SipCall } from './sip-call.js';
import { header, type SipRequest } from './sip-message.js';
import { SdpError } from './sip-phone.errors.js';

/** A call that arrived here and rings until it is answered, refused or given up by the caller. */
export class IncomingCall extends SipCall {
  readonly callId: string;
  readonly remoteAddress: string;

  private constructor(
    host: CallHost,
    private readonly invite: ServerTransaction,
    private readonly mediaOptions: CallMediaOptions,
    onEnded: (call: SipCall) => void,
  ) {
    super(host, onEnded);
    this.callId = header(invite.request, 'Call-ID') ?? '';
    this.remoteAddress = header(invite.request, 'From') ?? '';
    invite.onNoAck = () => {
      if (this.dialog !== undefined && this.isAnswered) this.bye(this.dialog, { by: 'failed', reason: 'the answer was never acknowledged' }).catch(() => undefined);
    };
  }

  static ring(host: CallHost, invite: ServerTransaction, media: CallMediaOptions, onEnded: (call: SipCall) => void): IncomingCall {
    const call = new IncomingCall(host, invite, media, onEnded);
    invite.respond(180, { tag: call.localTag, headers: [contactHeader(host.identity), ALLOW] });
    call.markRinging(180);
    return call;
  }

  /** A header of the INVITE, as it came. */
  inviteHeader(name: string): string | undefined {
    return header(this.invite.request, name);
  }

  /** Answers. Rejects with SdpError, and refuses the call with 488, when nothing is in common; does nothing when it was answered already. */
  async answer(): Promise<void> {
    if (this.isAnswered) return;
    await this.openMedia(this.mediaOptions);
    if (this.callEnd !== undefined) {
      await this.media.close();
      throw new SdpError(`the call was over before it was answered: ${this.callEnd.reason}`);
    }
    const { body } = this.invite.request;
    const sdp = this.describe(body);
    this.invite.onAck = (ack) => this.takeAckAnswer(body === '' ? ack.body : '');
    this.invite.respond(200, {
      tag: this.localTag,
      headers: [contactHeader(this.host.identity), ALLOW, ['Content-Type', 'application/sdp']],
      body: sdp,
    });
    this.markAnswered(Dialog.ofRequest(this.invite.request, this.localTag));
  }

  /** Refuses: 486 busy unless told. */
  reject(sipStatus = 486): void {
    if (this.isAnswered || this.callEnd !== undefined) return;
    this.invite.respond(sipStatus, { tag: this.localTag });
    this.finish({ by: 'local', sipStatus, reason: 'refused here' });
  }

  /** The caller gave up; called by the phone. */
  cancelled(cancel: SipRequest): void {
    this.invite.respond(487, { tag: this.localTag });
    this.finish({ by: 'remote', sipStatus: 487, reason: 'given up by the caller', ...q850Of(cancel) });
  }

  /** Whether this INVITE is ours. */
  isOf(invite: ServerTransaction): boolean {
    return invite === this.invite;
  }

  protected async giveUp(): Promise<void> {
    this.reject(480);
    await Promise.resolve();
  }

  protected abandonInvite(): void {
    if (this.invite.finalStatus === undefined) this.invite.respond(487, { tag: this.localTag });
    // A BYE proves that the answer arrived, its ACK or not.
    this.invite.stop();
  }

  private describe(offer: string): string {
    try {
      return offer === '' ? this.media.offer() : this.media.answer(offer);
    } catch (error) {
      if (error instanceof SdpError) {
        this.invite.respond(488, { tag: this.localTag });
        this.finish({ by: 'failed', sipStatus: 488, reason: error.message });
      }
      throw error;
    }
  }
}
