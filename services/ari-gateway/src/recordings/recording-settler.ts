import { isGone, type AriClient } from '@troncal/ari';
import type { Logger } from '@troncal/observability';
import type { RecordingChannels } from '../calls/call.js';
import type { CallActor } from '../calls/call-actor.js';
import type { CallRegistry } from '../calls/call-registry.js';
import type { CallRepository } from '../calls/call.repository.js';
import type { RecordingFiles } from './recording-files.js';
import type { RecordingRepository } from './recording.repository.js';

/** Where recordings are looked up. */
export interface SettlerPorts {
  readonly ari: AriClient;
  readonly calls: CallRepository;
  readonly recordings: RecordingRepository;
  readonly files: RecordingFiles;
}

/** Brings every recording to its end: ready with length and size once its file is closed, or failed. */
export class RecordingSettler {
  constructor(
    private readonly registry: CallRegistry,
    private readonly ports: SettlerPorts,
    private readonly logger: Logger,
  ) {}

  /** The file is closed. */
  async finished(recordingId: string): Promise<void> {
    const actor = this.registry.withRecording(recordingId);
    if (actor) await this.settle(actor, recordingId);
  }

  /** Settles what a gateway before us left open, where the call is over: stops what still runs, then measures. */
  async settleOpen(edgeId: string): Promise<void> {
    for (const { recordingId, callId } of await this.ports.recordings.open(edgeId)) {
      const actor = this.registry.find(callId) ?? (await this.ended(callId));
      if (!actor || actor.call.state !== 'ended') continue;
      // Its RecordingFinished settles a recording that still ran.
      if (await this.stopped(recordingId)) await this.settle(actor, recordingId);
    }
  }

  private async settle(actor: CallActor, recordingId: string): Promise<void> {
    const { channels = 'mono', voicemail } = actor.call.recordings.find((each) => each.recordingId === recordingId) ?? {};
    const measured = await this.measured(recordingId, channels);
    // Nothing was said: there is no message.
    const file = measured && voicemail && !(await this.ports.files.holdsSpeech(recordingId)) ? undefined : measured;
    if (measured && !file) await this.ports.files.remove(recordingId);
    if (!measured) this.logger.error({ recording: recordingId, call: actor.call.callId }, 'a recording has left no file');
    await actor.ask(file ? { kind: 'recording_ready', recordingId, location: `recordings/${recordingId}.wav`, ...file } : { kind: 'recording_failed', recordingId });
  }

  private async measured(recordingId: string, channels: RecordingChannels): Promise<Awaited<ReturnType<RecordingFiles['measure']>>> {
    try {
      if (channels === 'stereo') await this.ports.files.seal(recordingId);
      return await this.ports.files.measure(recordingId, channels);
    } catch (error) {
      this.logger.error({ recording: recordingId, err: error }, 'a recording could not be brought into its file: may this process write into the folder of recordings?');
      return undefined;
    }
  }

  private async ended(callId: string): Promise<CallActor | undefined> {
    const call = await this.ports.calls.find(callId);
    return call ? this.registry.open(call) : undefined;
  }

  /** True when nothing was running any more. */
  private async stopped(recordingId: string): Promise<boolean> {
    try {
      await this.ports.ari.recordings.stop({ recordingName: recordingId });
      return false;
    } catch (error) {
      if (isGone(error)) return true;
      throw error;
    }
  }
}
