import type { Account } from '../../accounts/account.js';
import { rfc2822 } from '../../wire/page.js';
import type { Call } from '../calls/call.js';
import type { StatusCallbacks } from '../webhooks/status-callbacks.js';
import { Recording, type RecordingWish } from './recording.js';

/** The recordings of all accounts. Kept until somebody deletes them. */
export class Recordings {
  private readonly all = new Map<string, Recording>();

  constructor(private readonly callbacks: StatusCallbacks) {}

  start(call: Call, wish: RecordingWish): Recording {
    const recording = new Recording(call.facts.account, call, wish, (stopped) => this.tell(stopped));
    this.all.set(recording.sid, recording);
    this.tell(recording);
    return recording;
  }

  of(account: Account): Recording[] {
    return [...this.all.values()].filter((recording) => recording.account === account && recording.status !== 'deleted');
  }

  /** Ends those of a call that go on beside its verbs. */
  stopOf(call: Call): void {
    for (const recording of this.all.values()) if (recording.call === call && recording.wish.source === 'StartCallRecordingAPI') recording.stop();
  }

  get(account: Account, sid: string): Recording | undefined {
    return this.of(account).find((recording) => recording.sid === sid);
  }

  drop(recording: Recording): void {
    recording.stop();
    recording.status = 'deleted';
    this.all.delete(recording.sid);
  }

  private tell(recording: Recording): void {
    const { account, call, wish, status, sid, url, durationS, startedAt } = recording;
    const { callback } = wish;
    if (callback === undefined || !callback.events.has(status)) return;
    this.callbacks.send({
      account,
      callSid: call.sid,
      why: 'recording',
      url: callback.url,
      method: callback.method,
      parameters: {
        AccountSid: account.sid,
        CallSid: call.sid,
        RecordingSid: sid,
        RecordingUrl: url,
        RecordingStatus: status,
        RecordingDuration: status === 'completed' ? String(durationS) : '-1',
        RecordingChannels: String(wish.channels),
        RecordingStartTime: rfc2822(startedAt),
        RecordingSource: wish.source,
        RecordingTrack: wish.track,
        ErrorCode: '0',
      },
    });
  }
}
