import { errorText, newId, withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallActor } from '../calls/call-actor.js';
import type { Call, RecordingChannels } from '../calls/call.js';
import { callMeant, type AboutCall } from '../calls/control/about-call.js';
import type { CallDesk } from '../calls/call-desk.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import type { SpeechFiles } from '../speech/speech-files.js';

const NOTICE: Readonly<Record<string, string>> = { es: 'Esta llamada está siendo grabada.', en: 'This call is being recorded.' };
/** The notice takes two seconds to be said; one that never ends must not keep a recording from beginning. */
const NOTICE_DEADLINE_MS = 8_000;

/** Begins, pauses and ends recordings at somebody's wish. */
export class RecordCall {
  constructor(
    private readonly desk: CallDesk,
    private readonly sessions: EdgeSessions,
    private readonly speech: SpeechFiles,
    private readonly logger: Logger,
  ) {}

  /** @throws PermanentError unknown_call (404), call_over, call_not_answered, already_recording (409) */
  async start(about: AboutCall, { announce, channels }: { readonly announce: boolean; readonly channels: RecordingChannels }): Promise<{ readonly call: Call; readonly recordingId: string }> {
    const actor = await callMeant(this.desk, about);
    const recordingId = newId();
    const wanted = announce && actor.call.state === 'answered' && !actor.call.recordings.some((each) => each.state === 'recording');
    const announced = wanted && (await this.say(actor, recordingId));
    const call = await actor.request({ kind: 'record', recordingId, announced, channels });
    return { call, recordingId };
  }

  /** @throws PermanentError not_recording (409) */
  async stop(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'record_stop' });
  }

  /** @throws PermanentError not_recording, recording_paused (409) */
  async pause(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'record_pause' });
  }

  /** @throws PermanentError not_recording, recording_not_paused (409) */
  async resume(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'record_resume' });
  }

  /** Says the notice into the bridge, to everybody in it; false when it could not be said. */
  private async say(actor: CallActor, recordingId: string): Promise<boolean> {
    const { call } = actor;
    try {
      const file = await this.speech.render(NOTICE[call.language] ?? NOTICE['en'] ?? '', call.language);
      // It took a while, and a bridge that is made now would be nobody's.
      if (actor.call.state === 'ended') return false;
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
