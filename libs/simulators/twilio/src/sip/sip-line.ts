import type { CallEnd, SipCall } from '@troncal/sip-phone';
import { IncomingCall } from '@troncal/sip-phone';
import type { Line, LineEnd, LineListener } from '../voice/lines/line.js';

const REASONS: Readonly<Record<number, LineEnd['reason']>> = { 486: 'busy', 600: 'busy', 408: 'no-answer', 480: 'no-answer', 487: 'canceled' };

/** How the end of a SIP call is told. */
export function lineEndOf({ by, sipStatus }: Pick<CallEnd, 'by' | 'sipStatus'>): LineEnd {
  if (sipStatus === undefined) return { reason: by === 'remote' ? 'hung-up' : 'failed' };
  return { reason: REASONS[sipStatus] ?? 'failed', sipStatus };
}

/** A line over a SIP call that is ringing or up. */
export class SipLine implements Line {
  readonly kind = 'sip';
  private listener: LineListener | undefined;

  constructor(protected readonly call: SipCall) {
    call.onEvent((event) => {
      if (event.kind === 'ringing') this.listener?.onRinging();
      else if (event.kind === 'answered') this.listener?.onAnswered();
      else if (event.kind === 'digit') this.listener?.onDigit(event.digit);
      else if (event.kind === 'ended' && event.by !== 'local') this.listener?.onEnded(lineEndOf(event));
    });
    call.onUlaw((ulaw) => this.listener?.onAudio(ulaw));
    call.onRefer((target) => this.listener?.onRefer(target) ?? false);
  }

  get sipCallId(): string {
    return this.call.callId;
  }

  listen(listener: LineListener): void {
    this.listener = listener;
  }

  async answer(): Promise<void> {
    // What can't be answered has ended by then, and said so.
    if (this.call instanceof IncomingCall) await this.call.answer().catch(() => undefined);
  }

  refuse(sipStatus: number): void {
    if (this.call instanceof IncomingCall) this.call.reject(sipStatus);
  }

  hangUp(): void {
    this.call.hangup().catch(() => undefined);
  }

  send(ulaw: Uint8Array): void {
    if (this.call.isAnswered && this.call.callEnd === undefined) this.call.play(ulaw).catch(() => undefined);
  }

  press(digit: string): void {
    if (this.call.isAnswered) this.call.sendDigits(digit).catch(() => undefined);
  }

  refer(target: string): Promise<number> {
    return this.call.refer(target);
  }
}
