import { encodeUlaw, tone } from '@troncal/audio';
import type { Callee } from '../voice-settings.js';
import type { LineEnd } from './line.js';
import type { OutgoingLine } from './outgoing-line.js';
import { PstnLine } from './pstn-line.js';

const ENDS: Readonly<Record<'busy' | 'fail', (does: Callee['does']) => LineEnd>> = {
  busy: () => ({ reason: 'busy', sipStatus: 486 }),
  fail: (does) => ({ reason: 'failed', sipStatus: does.what === 'fail' ? does.sipStatus : 503 }),
};
const TONE_PIECE_MS = 1_000;

/** Somebody with a telephone who does what the settings say when it rings. */
export class PstnCallee extends PstnLine implements OutgoingLine {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly does: Exclude<Callee['does'], { what: 'sip' }>) {
    super();
    this.far.watch((what) => {
      if (what === 'hung-up' || what === 'refused') clearTimeout(this.timer);
    });
  }

  start(): void {
    const { does } = this;
    // As a network does it: nothing is heard of it in the same instant.
    this.timer = setTimeout(() => {
      if (does.what === 'busy' || does.what === 'fail') return this.far.end(ENDS[does.what](does));
      this.far.ring();
      if (does.what === 'answer') this.timer = setTimeout(() => this.answered(does), does.afterMs);
    }, 1);
  }

  private answered(does: Extract<Callee['does'], { what: 'answer' }>): void {
    this.far.answer();
    for (const digit of does.presses) this.far.press(digit);
    if (does.hz !== undefined) this.sound(does.hz, does.toneMs).catch(() => undefined);
    if (does.hangUpMs !== undefined) this.timer = setTimeout(() => this.far.end({ reason: 'hung-up' }), does.hangUpMs);
  }

  private async sound(hz: number, ms: number): Promise<void> {
    for (let left = ms; left > 0 && !this.isOver; left -= TONE_PIECE_MS) await this.far.speak(encodeUlaw(tone(hz, Math.min(left, TONE_PIECE_MS))));
  }
}
