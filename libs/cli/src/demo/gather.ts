import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hearsTone, msOfSamples, readWav } from '@troncal/audio';
import { callWithTimelineSchema, type CallWithTimeline, type StackState } from '@troncal/contracts';
import { pause } from '@troncal/kernel';
import { path, type ApiClient } from '../api/api-client.js';
import { CALLER_TONE, PERSON_TONE, type RecordingHeard } from './notes.js';

const PROJECTION_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 200;

const complete = (call: CallWithTimeline): boolean =>
  call.state === 'ended' && call.timeline.some((entry) => entry.type.startsWith('CallEnded.')) && call.recordings.every((recording) => recording.state !== 'recording');

/** The call as the API tells it, once it is told to its end; after a while as far as it is told. */
export async function gatherCall(api: ApiClient, callId: string, signal: AbortSignal): Promise<CallWithTimeline> {
  const until = performance.now() + PROJECTION_WITHIN_MS;
  for (;;) {
    const call = await api.ask({ path: path('api', 'calls', callId) }, callWithTimelineSchema);
    if (complete(call) || performance.now() > until || !(await pause(LOOK_EVERY_MS, signal))) return call;
  }
}

/** The path of a recording on this machine, or its address at the API when its file is elsewhere. */
export function recordingPath(recording: { readonly recordingId: string; readonly location: string }, directories: StackState['directories']): string {
  const candidates = [join(directories.recordings, `${recording.recordingId}.wav`), join(directories.state, recording.location), recording.location];
  return candidates.find((candidate) => existsSync(candidate)) ?? recording.location;
}

/** The call's last recording that is ready, fetched by the API and listened to; undefined when there is none. */
export async function gatherRecording(api: ApiClient, call: CallWithTimeline, directories: StackState['directories']): Promise<RecordingHeard | undefined> {
  const ready = call.recordings.findLast((recording) => recording.state === 'ready');
  if (ready === undefined) return undefined;
  const { tracks, rate } = readWav(await api.download({ path: path('api', 'recordings', ready.recordingId, 'audio'), headers: { accept: 'audio/wav' } }));
  const heard = (hz: number): boolean => tracks.some((track) => hearsTone(track, hz, { rate, minMs: 400, minRatio: 0.3 }));
  return { path: recordingPath(ready, directories), durationMs: msOfSamples(tracks[0]?.length ?? 0, rate), caller: heard(CALLER_TONE), person: heard(PERSON_TONE) };
}
