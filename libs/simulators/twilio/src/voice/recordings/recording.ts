import type { Account } from '../../accounts/account.js';
import { newSid } from '../../wire/sid.js';
import type { Call } from '../calls/call.js';
import type { StatusWish } from '../webhooks/status-callbacks.js';
import { Recorder } from '../media/recorder.js';

export type RecordingSource = 'DialVerb' | 'RecordVerb' | 'StartCallRecordingAPI' | 'OutboundAPI';

export interface RecordingWish {
  readonly source: RecordingSource;
  /** 2: what the call's far end says apart from what it hears. 1: what it says. */
  readonly channels: 1 | 2;
  readonly track: 'inbound' | 'outbound' | 'both';
  readonly callback?: StatusWish;
}

/** A recording of one call, under way or done. */
export class Recording {
  readonly sid = newSid('RE');
  readonly startedAt = new Date();
  status: 'in-progress' | 'completed' | 'absent' | 'deleted' = 'in-progress';
  private readonly recorder = new Recorder();
  private readonly undo: (() => void)[];

  /** @param onStopped called once, at its end */
  constructor(
    readonly account: Account,
    readonly call: Call,
    readonly wish: RecordingWish,
    private readonly onStopped: (recording: Recording) => void,
  ) {
    const stop = (): void => this.stop();
    this.undo = [call.onAudio((ulaw) => this.recorder.add('heard', ulaw)), call.onVoice((ulaw) => this.recorder.add('said', ulaw))];
    call.over.addEventListener('abort', stop, { once: true });
    this.undo.push(() => call.over.removeEventListener('abort', stop));
  }

  /** Of the recording itself, as Twilio names it: without `.json`, so with `.wav` behind it the audio. */
  get url(): string {
    return `https://api.twilio.com/2010-04-01/Accounts/${this.account.sid}/Recordings/${this.sid}`;
  }

  get durationS(): number {
    return Math.max(1, Math.round(this.recorder.durationMs / 1_000));
  }

  stop(): void {
    if (this.status !== 'in-progress') return;
    for (const each of this.undo) each();
    this.recorder.end();
    this.status = 'completed';
    this.onStopped(this);
  }

  wav(): Uint8Array {
    if (this.wish.channels === 2) return this.recorder.wav(['heard', 'said']);
    return this.recorder.wav([this.wish.track === 'outbound' ? 'said' : 'heard']);
  }
}
