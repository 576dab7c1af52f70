import { errorText, newId, TransientError, withDeadline } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import type { CallActor } from '../calls/call-actor.js';
import { runningRecording, type Call, type CallRecording, type RecordingChannels } from '../calls/call.js';
import { callMeant, type AboutCall } from '../calls/control/about-call.js';
import type { CallDesk } from '../calls/call-desk.js';
import type { EdgeSessions } from '../edges/edge-sessions.js';
import type { RecordingRef } from './recorder.js';
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
    const wanted = announce && actor.call.state === 'answered' && !runningRecording(actor.call);
    const announced = wanted && (await this.say(actor, recordingId));
    const call = await actor.request({ kind: 'record', recordingId, announced, channels });
    return { call, recordingId };
  }

  /** @throws PermanentError not_recording (409) */
  async stop(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'record_stop' });
  }

  /**
   * The recording holds silence when this resolves, and nobody hears of a pause before: a secret may be said then.
   * @throws PermanentError not_recording, recording_paused (409); TransientError recording_not_paused_yet (503): it goes on recording
   */
  async pause(about: AboutCall): Promise<Call> {
    const actor = await callMeant(this.desk, about);
    const recording = audible(actor.call);
    try {
      if (recording) await this.silence(actor, recording);
      return await actor.request({ kind: 'record_pause' });
    } catch (error) {
      // It may be silent all the same; what it does is what the call says of it.
      const still = audible(actor.call);
      if (still) this.sessions.act(actor.call, [{ kind: 'pause_record', ...refOf(still), paused: false }]);
      throw error;
    }
  }

  /** @throws PermanentError not_recording, recording_not_paused (409) */
  async resume(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'record_resume' });
  }

  private async silence(actor: CallActor, recording: CallRecording): Promise<void> {
    const { call } = actor;
    await this.sessions.demand(call.edgeId).silence(call, refOf(recording)).catch((error: unknown) => {
      // It ended meanwhile: the call says so better.
      if (audible(actor.call)?.recordingId !== recording.recordingId) return;
      throw new TransientError('recording_not_paused_yet', `Recording ${recording.recordingId} of call ${call.callId} goes on, and was not paused: ${errorText(error)}`, {
        remedy: 'Nothing secret may be said yet. Ask again in a second; the log of ari-gateway says what keeps it from Asterisk.',
        details: { callId: call.callId, recordingId: recording.recordingId, edgeId: call.edgeId },
        cause: error,
      });
    });
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

/** The recording that holds what is said now. */
const audible = (call: Call): CallRecording | undefined => [runningRecording(call)].find((each) => each && !each.pausedAt);

const refOf = ({ recordingId, channels = 'mono' }: CallRecording): RecordingRef => ({ recordingId, channels });
