import { isGone, type AriClient } from '@troncal/ari';
import type { SpeechFiles } from '../../speech/speech-files.js';
import type { Call } from '../call.js';
import type { CallEffect } from '../machine/call-effect.js';
import type { CallBridges } from './call-bridges.js';
import type { Tell } from './tell.js';

/** Says prompts into calls' bridges, so that recordings hold them too. */
export class PromptPlayer {
  constructor(
    private readonly ari: AriClient,
    private readonly bridges: CallBridges,
    private readonly speech: Pick<SpeechFiles, 'ready' | 'render'>,
    private readonly tell: Tell,
    /** Whether a call is live: rendering takes a while, and one that ended meanwhile must not get its bridge back. */
    private readonly isLive: (callId: string) => boolean,
  ) {}

  /** Begins to say a text; PlaybackFinished of its id reports the end. A text that can't be spoken is reported as said. */
  async play(call: Call, effect: Extract<CallEffect, { kind: 'play' }>): Promise<void> {
    const file = this.speech.ready(effect.text, effect.language);
    if (file !== undefined) return this.start(call, effect.step, `sound:${file}`);
    // Not rendered yet: rendered aside, so that nothing of this call waits for it.
    void this.speech
      .render(effect.text, effect.language)
      .then((rendered) => (this.isLive(call.callId) ? this.start(call, effect.step, `sound:${rendered}`) : undefined))
      .catch(() => this.tell(call.callId, { kind: 'flow', input: { kind: 'said', step: effect.step } }));
  }

  async stop(call: Call, step: number): Promise<void> {
    await this.ari.playbacks.stop({ playbackId: playbackId(call.callId, step) }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /** The ringing tone, until stopped. */
  async ringback(call: Call, step: number): Promise<void> {
    await this.start(call, step, 'tone:ring;tonezone=us');
  }

  async holdMusic(call: Call, on: boolean): Promise<void> {
    if (on) await this.ari.bridges.startMoh({ bridgeId: call.callId });
    else await this.ari.bridges.stopMoh({ bridgeId: call.callId });
  }

  /** Plays a sound or says a text into the call's bridge at somebody's wish; PlaybackFinished of its id reports the end. */
  async playOut(call: Call, { playbackId, source }: Extract<CallEffect, { kind: 'play_out' }>): Promise<void> {
    const begin = async (file: string): Promise<void> => {
      await this.bridges.ensure(call);
      await this.ari.bridges.playWithId({ bridgeId: call.callId, playbackId: outId(call.callId, playbackId), media: [`sound:${file}`] });
    };
    if (source.kind === 'file') return begin(source.path);
    const file = this.speech.ready(source.text, source.language);
    if (file !== undefined) return begin(file);
    void this.speech
      .render(source.text, source.language)
      .then((rendered) => (this.isLive(call.callId) ? begin(rendered) : undefined))
      .catch(() => this.tell(call.callId, { kind: 'played', playbackId, outcome: 'failed' }));
  }

  async stopOut(call: Call, playbackId: string): Promise<void> {
    await this.ari.playbacks.stop({ playbackId: outId(call.callId, playbackId) }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  /** Says a text into a bridge beside the call's. Nobody waits for its end. */
  async brief(bridgeId: string, text: string, language: string): Promise<void> {
    const file = await this.speech.render(text, language);
    await this.ari.bridges.play({ bridgeId, media: [`sound:${file}`] });
  }

  private async start(call: Call, step: number, media: string): Promise<void> {
    await this.bridges.ensure(call);
    await this.ari.bridges.playWithId({ bridgeId: call.callId, playbackId: playbackId(call.callId, step), media: [media] });
  }
}

const playbackId = (callId: string, step: number): string => `${callId}.${step}`;

const outId = (callId: string, playbackId: string): string => `${callId}.${playbackId}`;

/** The call and playback of what is played at somebody's wish; undefined for anything else. */
export function readOutId(id: string): { readonly callId: string; readonly playbackId: string } | undefined {
  const [, callId, playbackId] = /^([0-9a-f-]{36})\.([0-9A-Z]{26})$/.exec(id) ?? [];
  return callId === undefined || playbackId === undefined ? undefined : { callId, playbackId };
}

/** The call and step of one of our playbacks; undefined for anybody else's. */
export function readPlaybackId(id: string): { readonly callId: string; readonly step: number } | undefined {
  const [, callId, step] = /^([0-9a-f-]{36})\.(\d+)$/.exec(id) ?? [];
  return callId === undefined || step === undefined ? undefined : { callId, step: Number(step) };
}
