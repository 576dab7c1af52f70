import { concatBytes, detectTone, FRAME_MS } from '@troncal/audio';
import { Player } from '../media/player.js';
import type { Line, LineEnd, LineListener } from './line.js';

const nothing = (): void => undefined;
const NOBODY: LineListener = { onRinging: nothing, onAnswered: nothing, onAudio: nothing, onDigit: nothing, onEnded: nothing, onRefer: () => false };
const EAR_FRAMES = 100 / FRAME_MS;

/** What the person at the far end of a line notices. */
export type Noticed = 'answered' | 'refused' | 'hung-up' | 'audio' | 'digit';

/** A line into the simulated telephone network. Its far end is a person made of a script: see `far`. */
export class PstnLine implements Line {
  readonly kind = 'pstn';
  private listener = NOBODY;
  private readonly voice = new Player((ulaw) => this.listener.onAudio(ulaw));
  private readonly watchers = new Set<(what: Noticed) => void>();
  private recent: Uint8Array[] = [];
  private state: 'ringing' | 'up' | 'over' = 'ringing';
  /** Digits that Twilio sent. */
  digitsHeard = '';
  /** Frames that Twilio sent. */
  framesHeard = 0;

  listen(listener: LineListener): void {
    this.listener = listener;
  }

  async answer(): Promise<void> {
    await Promise.resolve();
    this.state = 'up';
    this.notice('answered');
  }

  refuse(): void {
    this.end('refused');
  }

  hangUp(): void {
    this.end('hung-up');
  }

  send(ulaw: Uint8Array): void {
    if (this.state === 'over') return;
    this.framesHeard += 1;
    this.recent.push(ulaw);
    if (this.recent.length > EAR_FRAMES) this.recent.shift();
    this.notice('audio');
  }

  press(digit: string): void {
    this.digitsHeard += digit;
    this.notice('digit');
  }

  /** What the far end's person does. */
  readonly far = {
    ring: (): void => this.listener.onRinging(),
    answer: (): void => {
      if (this.state !== 'ringing') return;
      this.state = 'up';
      this.listener.onAnswered();
    },
    end: (end: LineEnd): void => {
      if (this.state === 'over') return;
      this.end('hung-up');
      this.listener.onEnded(end);
    },
    press: (digit: string): void => this.listener.onDigit(digit),
    speak: (ulaw: Uint8Array): Promise<boolean> => (this.state === 'over' ? Promise.resolve(false) : this.voice.play(ulaw)),
    /** Whether the last 100 ms that Twilio sent are this tone. */
    hears: (hz: number): boolean => this.recent.length >= EAR_FRAMES && detectTone(concatBytes(this.recent), hz) > 0.5,
    watch: (watcher: (what: Noticed) => void): (() => void) => {
      this.watchers.add(watcher);
      return () => this.watchers.delete(watcher);
    },
  };

  get isOver(): boolean {
    return this.state === 'over';
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  private end(what: Noticed): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.voice.stop();
    this.notice(what);
  }

  private notice(what: Noticed): void {
    for (const watcher of this.watchers) watcher(what);
  }
}
