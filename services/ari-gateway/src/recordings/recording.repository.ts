export interface RecordingRow {
  readonly recordingId: string;
  readonly callId: string;
  readonly tenant: string;
  readonly edgeId: string;
  readonly state: 'recording' | 'ready' | 'failed';
  readonly announced: boolean;
  readonly channels: 'mono' | 'stereo';
  /** Whose voicemail it is; null for the recording of a call. */
  readonly mailbox: string | null;
  readonly durationMs: number | null;
  readonly bytes: number | null;
  readonly startedAt: Date;
}

/** Recordings as rows; written with the steps of their calls. */
export interface RecordingRepository {
  find(recordingId: string): Promise<RecordingRow | undefined>;
  /** Recordings of an edge whose end was never stored. */
  open(edgeId: string): Promise<RecordingRow[]>;
}

export const RECORDING_REPOSITORY = Symbol('RecordingRepository');
