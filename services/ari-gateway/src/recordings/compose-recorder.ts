import type { AmiClient, AriClient } from '@troncal/ari';
import type { Logger } from '@troncal/observability';
import type { CallBridges } from '../calls/drive/call-bridges.js';
import { MessageTap } from './message-tap.js';
import { MonoTap } from './mono-tap.js';
import { Recorder } from './recorder.js';
import type { RecordingSettler } from './recording-settler.js';
import type { SpeechFiles } from '../speech/speech-files.js';
import { StereoTap } from './stereo-tap.js';

/** What a recorder has of its edge. */
export interface RecorderEdge {
  readonly ari: AriClient;
  readonly ami: AmiClient;
  readonly bridges: CallBridges;
  readonly settler: RecordingSettler;
  readonly speech: SpeechFiles;
}

/** One edge's recorder with all its taps. */
export function composeRecorder({ ari, ami, bridges, settler, speech }: RecorderEdge, logger: Logger): Recorder {
  const finished = (recordingId: string): Promise<void> => settler.finished(recordingId);
  const stuck = (recordingId: string, error: unknown): void =>
    logger.error({ recording: recordingId, err: error }, 'a recording could not be had to go on: it may hold less than is said until Asterisk is reached again');
  const unended = (recordingId: string, error: unknown): void => logger.error({ recording: recordingId, err: error }, 'a recording should have ended and goes on: Asterisk could not be told yet');
  const mended = (recordingId: string, gapMs: number): void => logger.warn({ recording: recordingId, gapMs }, 'a recording goes on after a gap');
  return new Recorder(new MonoTap(ari, bridges, finished), new StereoTap(ari, ami, { finished, stuck, unended, mended }), new MessageTap(ari, bridges, speech, finished, logger), stuck);
}
