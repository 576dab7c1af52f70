import type { Turn } from './turn.js';

/** Begins a recording, unless one is running. Both sides are heard in it from now on. */
export function startRecording(turn: Turn, recordingId: string, announced: boolean): void {
  if (turn.over || turn.call.recordings.some((each) => each.state === 'recording')) return;
  turn.set({ recordings: [...turn.call.recordings, { recordingId, state: 'recording', announced, durationMs: null, bytes: null }] });
  turn.state({ name: 'RecordingStarted', data: { recordingId, announced } });
  turn.do({ kind: 'record', recordingId });
}

/** Ends the running recording; RecordingReady follows when its file is complete. */
export function stopRecording(turn: Turn): void {
  for (const each of turn.call.recordings) if (each.state === 'recording') turn.do({ kind: 'stop_record', recordingId: each.recordingId });
}

/** The file is closed and complete. */
export function recordingReady(turn: Turn, recordingId: string, file: { readonly durationMs: number; readonly bytes: number; readonly location: string }): void {
  const recording = turn.call.recordings.find((each) => each.recordingId === recordingId);
  if (!recording || recording.state === 'ready') return;
  turn.setRecording(recordingId, { state: 'ready', durationMs: file.durationMs, bytes: file.bytes });
  turn.state({ name: 'RecordingReady', data: { recordingId, format: 'wav', ...file } });
}

/** Nothing was recorded, or its file is lost. */
export function recordingFailed(turn: Turn, recordingId: string): void {
  const recording = turn.call.recordings.find((each) => each.recordingId === recordingId);
  if (recording && recording.state !== 'ready') turn.setRecording(recordingId, { state: 'failed' });
}
