import type { AriClient } from '@troncal/ari';
import type { Recorder } from '../../recordings/recorder.js';
import { primaryLeg, type Call } from '../call.js';
import type { CallEffect } from '../machine/call-effect.js';
import type { CallBridges } from './call-bridges.js';
import { roomHalfOf, type LegDialler } from './leg-dialler.js';
import type { PromptPlayer } from './prompt-player.js';
import { conferenceRoom, sideRoom, type SideRooms } from './side-rooms.js';

/** The effects of what people and programs do to a call. */
export type ControlEffect = Extract<
  CallEffect,
  { kind: 'part' | 'put' | 'clear' | 'dial_link' | 'join_room' | 'brief' | 'tap' | 'play_out' | 'stop_play_out' | 'send_digits' | 'record' | 'pause_record' | 'stop_record' }
>;

const CONTROL: Readonly<Record<ControlEffect['kind'], true>> = {
  part: true, put: true, clear: true, dial_link: true, join_room: true, brief: true, tap: true, play_out: true, stop_play_out: true, send_digits: true, record: true, pause_record: true,
  stop_record: true,
};

/** True for an effect that ControlHands do. */
export const isControlEffect = (effect: CallEffect): effect is ControlEffect => Object.hasOwn(CONTROL, effect.kind);

export interface ControlParts {
  readonly ari: AriClient;
  readonly bridges: CallBridges;
  readonly rooms: SideRooms;
  readonly prompts: PromptPlayer;
  readonly dialler: LegDialler;
  readonly recorder: Recorder;
}

/** Does them, through ARI and, for stereo, AMI. */
export class ControlHands {
  constructor(private readonly parts: ControlParts) {}

  async perform(call: Call, effect: ControlEffect): Promise<void> {
    const { ari, bridges, rooms, prompts, dialler, recorder } = this.parts;
    switch (effect.kind) {
      case 'part':
        return bridges.remove(call.callId, effect.leg.channelId);
      case 'put':
        return rooms.put(sideRoom(call.callId, effect.room), effect.legs.map((leg) => leg.channelId));
      case 'clear':
        return rooms.clear(sideRoom(call.callId, effect.room));
      case 'dial_link':
        return dialler.dialLink(call, effect);
      case 'join_room':
        return rooms.put(conferenceRoom(call.tenant, effect.leg.target), [roomHalfOf(effect.leg.channelId)]);
      case 'brief':
        void prompts.brief(sideRoom(call.callId, 'consult'), effect.text, effect.language).catch(() => {});
        return;
      case 'tap':
        await ari.channels.snoopChannelWithId({
          channelId: effect.channelId, snoopId: effect.leg.channelId, spy: 'both', whisper: effect.whisper ? 'out' : 'none', app: ari.app, appArgs: `leg,${call.callId}`,
        });
        return;
      case 'play_out':
        return prompts.playOut(call, effect);
      case 'stop_play_out':
        return prompts.stopOut(call, effect.playbackId);
      case 'send_digits':
        return ari.channels.sendDTMF({ channelId: effect.channelId, dtmf: effect.digits });
      case 'record':
        return recorder.start(call, effect);
      case 'pause_record':
        return recorder.pause(primaryLeg(call).channelId, effect);
      case 'stop_record':
        return recorder.stop(primaryLeg(call).channelId, effect);
    }
  }
}
