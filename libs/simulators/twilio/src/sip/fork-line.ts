import type { OutgoingCall } from '@troncal/sip-phone';
import type { LineEnd, LineListener } from '../voice/lines/line.js';
import type { OutgoingLine } from '../voice/lines/outgoing-line.js';
import { SipLine } from './sip-line.js';

/** Sends the INVITEs, to all at once. */
export type Invite = () => Promise<readonly OutgoingCall[]>;

/** A line to all phones of one address: they ring at once, and the first that answers has the call. */
export class ForkLine implements OutgoingLine {
  readonly kind = 'sip';
  private listener: LineListener | undefined;
  private ringing: { readonly call: OutgoingCall; readonly line: SipLine }[] = [];
  private answered: { readonly call: OutgoingCall; readonly line: SipLine } | undefined;
  private isOver = false;

  /** @param invite to each phone @param nobody how it ends when there is none */
  constructor(
    private readonly invite: Invite,
    private readonly nobody: LineEnd,
  ) {}

  get sipCallId(): string {
    return (this.answered ?? this.ringing[0])?.call.callId ?? '';
  }

  listen(listener: LineListener): void {
    this.listener = listener;
  }

  start(): void {
    this.invite()
      .then((calls) => this.begin(calls))
      .catch(() => this.end({ reason: 'failed', sipStatus: 503 }));
  }

  answer(): Promise<void> {
    return Promise.resolve();
  }

  refuse(): void {
    this.hangUp();
  }

  hangUp(): void {
    this.isOver = true;
    for (const { line } of this.answered === undefined ? this.ringing : [this.answered]) line.hangUp();
  }

  send(ulaw: Uint8Array): void {
    this.answered?.line.send(ulaw);
  }

  press(digit: string): void {
    this.answered?.line.press(digit);
  }

  refer(target: string): Promise<number> {
    return this.answered?.line.refer(target) ?? Promise.resolve(481);
  }

  private begin(calls: readonly OutgoingCall[]): void {
    this.ringing = calls.map((call) => ({ call, line: new SipLine(call) }));
    if (this.isOver) return this.hangUp();
    if (calls.length === 0) return this.end(this.nobody);
    for (const each of this.ringing) {
      each.line.listen({
        onRinging: () => this.listener?.onRinging(),
        onAnswered: () => this.take(each),
        onAudio: (ulaw) => this.answered === each && this.listener?.onAudio(ulaw),
        onDigit: (digit) => this.answered === each && this.listener?.onDigit(digit),
        onEnded: (end) => this.left(each, end),
        onRefer: (target) => this.listener?.onRefer(target) ?? false,
      });
      // It may have ended before anybody listened.
      if (each.call.callEnd !== undefined) this.left(each, { reason: 'failed', sipStatus: each.call.callEnd.sipStatus ?? 503 });
    }
  }

  private take(each: (typeof this.ringing)[number]): void {
    if (this.answered !== undefined || this.isOver) return each.line.hangUp();
    this.answered = each;
    for (const other of this.ringing) if (other !== each) other.line.hangUp();
    this.listener?.onAnswered();
  }

  private left(each: (typeof this.ringing)[number], end: LineEnd): void {
    if (this.answered !== undefined) {
      if (this.answered === each) this.end(end);
      return;
    }
    this.ringing = this.ringing.filter((other) => other !== each);
    if (this.ringing.length === 0) this.end(end);
  }

  private end(end: LineEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.listener?.onEnded(end);
  }
}
