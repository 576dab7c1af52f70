import { isGone, type AriClient } from '@troncal/ari';
import type { Call } from '../calls/call.js';
import type { CallBridges } from '../calls/drive/call-bridges.js';

/** Records a call's bridge, and so everybody in it, into Asterisk's spool: 16-bit WAV, 8 kHz, mono. The file's name is the recording's id. */
export class RecordingTap {
  constructor(
    private readonly ari: AriClient,
    private readonly bridges: CallBridges,
  ) {}

  async start(call: Call, recordingId: string): Promise<void> {
    await this.bridges.ensure(call);
    await this.ari.bridges.record({ bridgeId: call.callId, name: recordingId, format: 'wav', ifExists: 'fail', maxDurationSeconds: 0, maxSilenceSeconds: 0, beep: false, terminateOn: 'none' });
  }

  /** Closes the file; RecordingFinished follows. One that isn't running any more is fine. */
  async stop(recordingId: string): Promise<void> {
    await this.ari.recordings.stop({ recordingName: recordingId }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }
}
