import { errorText, newId, PermanentError, withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { Call } from '../calls/call.js';
import type { CallDesk } from '../calls/call-desk.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import type { SpeechFiles } from '../speech/speech-files.js';

const NOTICE: Readonly<Record<string, string>> = { es: 'Esta llamada está siendo grabada.', en: 'This call is being recorded.' };
/** The notice takes two seconds to be said; one that never ends must not keep a recording from beginning. */
const NOTICE_DEADLINE_MS = 8_000;

/** Begins a recording at somebody's wish. */
export class StartRecording {
  constructor(
    private readonly desk: CallDesk,
    private readonly sessions: EdgeSessions,
    private readonly speech: SpeechFiles,
    private readonly logger: Logger,
  ) {}

  /** @throws PermanentError unknown_call (404), call_over, call_not_answered, already_recording (409) */
  async run(callId: string, tenant: string, announce: boolean): Promise<{ readonly call: Call; readonly recordingId: string }> {
    const actor = await this.desk.live(callId, tenant);
    if (actor.call.state !== 'answered') throw new PermanentError('call_not_answered', `Call ${callId} has not been answered.`, { status: 409, remedy: 'Record it once it is answered.' });
    if (actor.call.recordings.some((each) => each.state === 'recording')) throw new PermanentError('already_recording', `Call ${callId} is being recorded.`, { status: 409, remedy: 'Stop it with DELETE first.' });
    const recordingId = newId();
    const announced = announce && (await this.say(actor.call, recordingId));
    const call = await actor.ask({ kind: 'record', recordingId, announced });
    return { call, recordingId };
  }

  /** Says the notice into the bridge, to everybody in it; false when it could not be said. */
  private async say(call: Call, recordingId: string): Promise<boolean> {
    try {
      const file = await this.speech.render(NOTICE[call.language] ?? NOTICE['en'] ?? '', call.language);
      const { ari, bridges } = this.sessions.demand(call.edgeId);
      await bridges.ensure(call);
      const said = new Promise<void>((resolve) => {
        const stop = ari.on('PlaybackFinished', ({ playback }) => {
          if (playback.id !== `notice-${recordingId}`) return;
          stop();
          resolve();
        });
      });
      await ari.bridges.playWithId({ bridgeId: call.callId, playbackId: `notice-${recordingId}`, media: [`sound:${file}`] });
      await withDeadline(said, NOTICE_DEADLINE_MS, 'the notice of the recording');
      return true;
    } catch (error) {
      this.logger.warn({ call: call.callId, reason: errorText(error) }, 'the notice of a recording could not be said');
      return false;
    }
  }
}
