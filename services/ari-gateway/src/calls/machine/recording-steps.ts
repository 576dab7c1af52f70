import { runningRecording, type CallRecording, type RecordingChannels } from '../call.js';
import type { CallMessage } from './call-message.js';
import type { Turn } from './turn.js';

/** Begins a recording, unless one is running. Both sides are heard in it from now on. */
export function startRecording(turn: Turn, recordingId: string, announced: boolean, channels: RecordingChannels = 'mono'): void {
  if (turn.over || runningRecording(turn.call)) return;
  turn.set({ recordings: [...turn.call.recordings, { recordingId, state: 'recording', announced, channels, pausedAt: null, durationMs: null, bytes: null }] });
  turn.state({ name: 'RecordingStarted', data: { recordingId, announced, channels } });
  turn.do({ kind: 'record', recordingId, channels });
}

/** Begins one at somebody's wish. */
export function askRecording(turn: Turn, { recordingId, announced, channels }: Extract<CallMessage, { kind: 'record' }>): void {
  if (runningRecording(turn.call)) return turn.refuse({ code: 'already_recording', what: 'is being recorded', remedy: 'Stop it with DELETE first.' });
  if (turn.call.state !== 'answered') return turn.refuse({ code: 'call_not_answered', what: "can't be recorded", remedy: 'Record it once it is answered.' });
  startRecording(turn, recordingId, announced, channels);
}

/** Ends the running recording; RecordingReady follows when its file is complete. */
export function stopRecording(turn: Turn): void {
  const recording = runningRecording(turn.call);
  if (!recording) return turn.refuse(NOT_RECORDING);
  turn.do({ kind: 'stop_record', recordingId: recording.recordingId, channels: recording.channels ?? 'mono' });
}

/** The recording holds silence from now on, or sound again. */
export function pauseRecording(turn: Turn, paused: boolean): void {
  const recording = runningRecording(turn.call);
  if (!recording) return turn.refuse(NOT_RECORDING);
  const { recordingId, pausedAt = null, channels = 'mono' } = recording;
  if (paused === (pausedAt !== null)) {
    return turn.refuse(paused ? { code: 'recording_paused', what: 'has its recording paused already', remedy: 'Resume it when the secret is over.' } : { code: 'recording_not_paused', what: 'has no paused recording', remedy: 'It records.' });
  }
  turn.setRecording(recordingId, { pausedAt: paused ? turn.context.now : null });
  turn.do({ kind: 'pause_record', recordingId, channels, paused });
  if (paused) turn.state({ name: 'RecordingPaused', data: { recordingId } });
  else turn.state({ name: 'RecordingResumed', data: { recordingId, pausedMs: Math.max(0, turn.context.now - (pausedAt ?? turn.context.now)) } });
}

/** The file is closed and complete. */
export function recordingReady(turn: Turn, recordingId: string, file: { readonly durationMs: number; readonly bytes: number; readonly location: string }): void {
  const recording = turn.call.recordings.find((each) => each.recordingId === recordingId);
  if (!recording || recording.state === 'ready') return;
  turn.setRecording(recordingId, { state: 'ready', durationMs: file.durationMs, bytes: file.bytes });
  turn.state({ name: 'RecordingReady', data: { recordingId, format: 'wav', channels: recording.channels ?? 'mono', ...purposeOf(recording), ...file } });
  messageLeft(turn, recording, true);
}

/** Nothing was recorded, or its file is lost. */
export function recordingFailed(turn: Turn, recordingId: string): void {
  const recording = turn.call.recordings.find((each) => each.recordingId === recordingId);
  if (!recording || recording.state === 'ready') return;
  turn.setRecording(recordingId, { state: 'failed' });
  messageLeft(turn, recording, false);
}

const NOT_RECORDING = { code: 'not_recording', what: 'is not being recorded', remedy: 'Begin with POST.' } as const;

function purposeOf({ voicemail }: CallRecording): { readonly purpose?: 'voicemail'; readonly mailbox?: string } {
  return voicemail ? { purpose: 'voicemail', mailbox: voicemail.mailbox } : {};
}

function messageLeft(turn: Turn, { voicemail }: CallRecording, recorded: boolean): void {
  if (voicemail) turn.report({ input: { kind: 'voicemail_left', step: voicemail.step, recorded } });
}
