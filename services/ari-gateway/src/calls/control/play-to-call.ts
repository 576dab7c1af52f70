import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newId, PermanentError } from '@troncal/kernel';
import type { RecordingFiles } from '../../recordings/recording-files.js';
import type { RecordingRepository } from '../../recordings/recording.repository.js';
import type { Call } from '../call.js';
import type { CallDesk } from '../call-desk.js';
import { callMeant, type AboutCall } from './about-call.js';

export interface PlayRequest {
  readonly sound?: string | undefined;
  readonly recording?: string | undefined;
}

export interface PlayPorts {
  readonly recordings: RecordingRepository;
  /** The recordings of an edge that is held here. */
  readonly filesOf: (edgeId: string) => RecordingFiles;
  /** Where the edge finds sounds. */
  readonly soundsDir: string;
}

/** Plays sounds and says texts to whoever is in a call. */
export class PlayToCall {
  constructor(
    private readonly desk: CallDesk,
    private readonly ports: PlayPorts,
  ) {}

  /** @throws PermanentError unknown_sound, unknown_recording, stereo_recording, validation_failed (422); already_playing, wrong_state (409) */
  async play(about: AboutCall, request: PlayRequest): Promise<{ readonly call: Call; readonly playbackId: string }> {
    const actor = await callMeant(this.desk, about);
    const playbackId = newId();
    const [what, name, path] = await this.find(actor.call, request);
    return { call: await actor.request({ kind: 'play', playbackId, what, name, source: { kind: 'file', path } }), playbackId };
  }

  /** @throws PermanentError already_playing, wrong_state (409) */
  async say(about: AboutCall, { text, language }: { readonly text: string; readonly language?: string | undefined }): Promise<{ readonly call: Call; readonly playbackId: string }> {
    const actor = await callMeant(this.desk, about);
    const playbackId = newId();
    const source = { kind: 'text', text, language: language ?? actor.call.language } as const;
    return { call: await actor.request({ kind: 'play', playbackId, what: 'speech', name: text, source }), playbackId };
  }

  /** @throws PermanentError not_playing (409) */
  async stop(about: AboutCall): Promise<Call> {
    return (await callMeant(this.desk, about)).request({ kind: 'stop_playing' });
  }

  /** The name and the file, as Asterisk names it. */
  private async find({ tenant, edgeId }: Call, { sound, recording }: PlayRequest): Promise<['sound' | 'recording', string, string]> {
    if ((sound === undefined) === (recording === undefined)) throw new PermanentError('validation_failed', 'Exactly one of "sound" and "recording" is played.', { remedy: 'Give one of them.' });
    if (sound !== undefined) {
      const stem = join(this.ports.soundsDir, 'tenants', tenant, sound);
      if (!existsSync(`${stem}.wav`)) throw new PermanentError('unknown_sound', `Tenant "${tenant}" has no sound "${sound}".`, { remedy: `Put it into the folder of sounds as tenants/${tenant}/${sound}.wav: 8 kHz, mono, 16 bits.` });
      return ['sound', sound, stem];
    }
    const id = recording ?? '';
    const row = await this.ports.recordings.find(id);
    const files = this.ports.filesOf(edgeId);
    const file = row?.state === 'ready' && row.tenant === tenant ? await files.measure(id, row.channels) : undefined;
    if (!file) throw new PermanentError('unknown_recording', `Tenant "${tenant}" has no finished recording ${id}.`, { remedy: 'GET /api/calls/{id} names the recordings of a call.' });
    if (row?.channels === 'stereo') throw new PermanentError('stereo_recording', `Recording ${id} is stereo, which Asterisk doesn't play.`, { remedy: 'Play a mono recording.' });
    return ['recording', id, files.path(id).replace(/\.wav$/, '')];
  }
}
