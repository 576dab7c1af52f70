import { detectTone, readWav, type WavAudio } from '@troncal/audio';
import { RecordingReadyV1 } from '@troncal/contracts';
import { eventually } from '@troncal/testing';
import { expect } from 'vitest';
import type { Party } from './conversation.js';
import type { GatewayLab } from './gateway-lab.js';

/** Samples at 8 kHz. */
const TENTH = 800;

/** The call's recording, once it is ready, as its users get it: over HTTP. */
export async function recordingOf(lab: GatewayLab, callId: string): Promise<{ readonly wav: WavAudio; readonly durationMs: number }> {
  const { data } = await lab.seen(RecordingReadyV1, callId);
  const response = await fetch(new URL(`/api/recordings/${data.recordingId}/audio`, lab.api().url), { headers: lab.authorization() });
  expect(response.headers.get('content-type')).toBe('audio/wav');
  const wav = readWav(new Uint8Array(await response.arrayBuffer()));
  expect(wav.rate).toBe(8_000);
  return { wav, durationMs: data.durationMs };
}

/** The loudest share of a tone in any tenth of a second, 0 to 1: over a whole track ringing and music would outweigh a short tone. */
export function peakOf(track: Int16Array | undefined, hz: number): number {
  const tenths = Array.from({ length: Math.floor((track?.length ?? 0) / TENTH) }, (_, at) => track!.subarray(at * TENTH, (at + 1) * TENTH));
  return Math.max(0, ...tenths.map((tenth) => detectTone(tenth, hz)));
}

/** True when the tone is in the track. */
export const hasTone = (track: Int16Array | undefined, hz: number): boolean => peakOf(track, hz) >= 0.3;

/** One party speaks until that is in the recording: it may hear somebody a good while after the other party does. */
export async function speaksUntilRecorded(lab: GatewayLab, recordingId: string, speaker: Party, hz: number): Promise<void> {
  const playing = speaker.playTone(hz, 15_000);
  await eventually(`${hz} Hz is recorded`, () => lab.recorded(recordingId).some((track) => hasTone(track, hz)), 14_000);
  speaker.stopPlaying();
  await playing;
}
