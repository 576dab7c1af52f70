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
    private readonly speech: SpeechFiles,
    private readonly tell: Tell,
  ) {}

  /** Begins to say a text; PlaybackFinished of its id reports the end. A text that can't be spoken is reported as said. */
  async play(call: Call, effect: Extract<CallEffect, { kind: 'play' }>): Promise<void> {
    const file = this.speech.ready(effect.text, effect.language);
    if (file !== undefined) return this.start(call, effect.step, `sound:${file}`);
    // Not rendered yet: rendered aside, so that nothing of this call waits for it.
    void this.speech
      .render(effect.text, effect.language)
      .then((rendered) => this.start(call, effect.step, `sound:${rendered}`))
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

  private async start(call: Call, step: number, media: string): Promise<void> {
    await this.bridges.ensure(call);
    await this.ari.bridges.playWithId({ bridgeId: call.callId, playbackId: playbackId(call.callId, step), media: [media] });
  }
}

const playbackId = (callId: string, step: number): string => `${callId}.${step}`;

/** The call and step of one of our playbacks; undefined for anybody else's. */
export function readPlaybackId(id: string): { readonly callId: string; readonly step: number } | undefined {
  const [, callId, step] = /^([0-9a-f-]{36})\.(\d+)$/.exec(id) ?? [];
  return callId === undefined || step === undefined ? undefined : { callId, step: Number(step) };
}
