import { AriError, isGone, type AriClient } from '@troncal/ari';
import type { Call } from '../calls/call.js';
import type { CallBridges } from '../calls/drive/call-bridges.js';

/** Records a call's bridge, and so everybody in it, into Asterisk's spool: 16-bit WAV, 8 kHz, mono. The file's name is the recording's id. */
export class MonoTap {
  /** Recordings that hold silence, as this process knows. */
  private readonly muted = new Set<string>();

  constructor(
    private readonly ari: AriClient,
    private readonly bridges: CallBridges,
    /** Told of a recording that has ended unnoticed. */
    private readonly finished: (recordingId: string) => Promise<void>,
  ) {}

  /** Begins a recording; one that runs already goes on. True when it was begun. */
  async start(call: Call, recordingId: string): Promise<boolean> {
    await this.bridges.ensure(call);
    try {
      await this.record(call, recordingId);
      this.muted.delete(recordingId);
      return true;
    } catch (error) {
      // 409: its name is taken, by itself: a process before us had begun it.
      if (!(error instanceof AriError && error.ariStatus === 409)) throw error;
      if (!(await this.running(recordingId))) await this.finished(recordingId);
      return false;
    }
  }

  private async record(call: Call, recordingId: string): Promise<void> {
    await this.ari.bridges.record({ bridgeId: call.callId, name: recordingId, format: 'wav', ifExists: 'fail', maxDurationSeconds: 0, maxSilenceSeconds: 0, beep: false, terminateOn: 'none' });
  }

  /** Closes the file; RecordingFinished follows. One that isn't running any more is fine. */
  async stop(recordingId: string): Promise<void> {
    this.muted.delete(recordingId);
    await this.ari.recordings.stop({ recordingName: recordingId }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /**
   * Silence instead of sound, or sound again; may be said twice. Asterisk turns a mute round when the recording is muted already (22.10: of two mutes the
   * second one lets sound in again, two unmutes are one), so where it isn't known that a recording is muted it is unmuted first. Proved by recordings.proof.spec.
   */
  async pause(recordingId: string, paused: boolean): Promise<void> {
    if (paused && this.muted.has(recordingId)) return;
    this.muted.delete(recordingId);
    try {
      await this.ari.recordings.unmute({ recordingName: recordingId });
      if (!paused) return;
      await this.ari.recordings.mute({ recordingName: recordingId });
      this.muted.add(recordingId);
    } catch (error) {
      // One that has ended meanwhile holds nothing more either way.
      if (!isGone(error)) throw error;
    }
  }

  private async running(recordingId: string): Promise<boolean> {
    try {
      await this.ari.recordings.getLive({ recordingName: recordingId });
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
  }
}
