import { AriUnreachableError, isGone, type AriClient } from '@troncal/ari';
import { errorText, KeyedTurns } from '@troncal/kernel';
import { inSpan, type Logger } from '@troncal/observability';
import type { Recorder } from '../../recordings/recorder.js';
import { primaryLeg, type Call } from '../call.js';
import type { CallEffect } from '../machine/call-effect.js';
import type { AgentLink } from './agent-link.js';
import type { CallBridges } from './call-bridges.js';
import type { CallTimers } from './call-timers.js';
import { isControlEffect, type ControlHands } from './control-hands.js';
import type { LegDialler } from './leg-dialler.js';
import type { PromptPlayer } from './prompt-player.js';
import { sideRoom, type SideRooms } from './side-rooms.js';
import type { Tell } from './tell.js';

/** The hands of the driver, one per subject. */
export interface DriverParts {
  readonly ari: AriClient;
  readonly bridges: CallBridges;
  readonly prompts: PromptPlayer;
  readonly dialler: LegDialler;
  readonly agents: AgentLink;
  readonly recorder: Recorder;
  readonly rooms: SideRooms;
  readonly control: ControlHands;
  readonly timers: CallTimers;
}

/** What the next connection does again or finds undone: `reown` reads the legs of a call from what is there then. */
const TAKEN_UP: ReadonlySet<CallEffect['kind']> = new Set(['dial', 'dial_queue', 'join', 'rejoin']);

/**
 * Does the effects of calls through ARI: those of one call one after the other, in their order; slow ones (rendering a prompt, attaching an agent)
 * aside, so that a hangup never waits for them. Every outcome returns to the call as a message; a failed command is logged and, where the
 * flow waits for it, reported as ended, so that no caller is kept waiting by it. A command that a lost connection took along is not reported: whether it
 * was carried out nobody knows before there is another one, and then `reown` tells.
 */
export class CallDriver {
  private readonly turns = new KeyedTurns();

  constructor(
    private readonly parts: DriverParts,
    private readonly tell: Tell,
    private readonly logger: Logger,
  ) {}

  act(call: Call, effects: readonly CallEffect[]): void {
    // The agent's side is prepared while Asterisk answers the caller: it takes the longest, and nothing of it depends on the answer.
    for (const effect of effects) if (effect.kind === 'attach_agent') this.parts.agents.prepare(call, effect);
    void this.turns.run(call.callId, async () => {
      for (const effect of effects) await this.attempt(call, effect);
    });
  }

  /** Resolves when all effects given so far were tried. */
  idle(): Promise<void> {
    return this.turns.idle();
  }

  private async attempt(call: Call, effect: CallEffect): Promise<void> {
    try {
      // A timer is set in no time: a span of it would tell nothing.
      if (effect.kind === 'timer' || effect.kind === 'stop_timer') await this.perform(call, effect);
      else await inSpan(`effect ${effect.kind}`, {}, () => this.perform(call, effect));
    } catch (error) {
      const level = isGone(error) ? 'debug' : 'warn';
      this.logger[level]({ call: call.callId, effect: effect.kind, reason: errorText(error) }, 'an effect of a call failed');
      if (!this.leftToReown(effect, error)) this.failed(call, effect);
    }
  }

  private leftToReown(effect: CallEffect, error: unknown): boolean {
    return error instanceof AriUnreachableError && this.parts.ari.state !== 'connected' && TAKEN_UP.has(effect.kind);
  }

  private async perform(call: Call, effect: CallEffect): Promise<void> {
    const { ari, bridges, prompts, dialler, agents, recorder, control, timers } = this.parts;
    if (isControlEffect(effect)) return control.perform(call, effect);
    switch (effect.kind) {
      case 'answer':
        await Promise.all([ari.channels.answer({ channelId: effect.channelId }), bridges.ensure(call)]);
        return;
      case 'indicate_ringing':
        return ari.channels.ring({ channelId: effect.channelId });
      case 'play':
        return prompts.play(call, effect);
      case 'stop_play':
        return prompts.stop(call, effect.step);
      case 'ringback':
        return prompts.ringback(call, effect.step);
      case 'hold_music':
        return prompts.holdMusic(call, effect.on);
      case 'timer':
        return timers.set(call.callId, effect);
      case 'stop_timer':
        return timers.stop(call.callId, effect.name);
      case 'dial':
        return dialler.dial(call, effect);
      case 'dial_queue':
        return dialler.dialQueue(call, effect);
      case 'attach_agent':
        return agents.attach(call, effect);
      case 'detach_agent':
        return agents.detach(call, effect.reason);
      case 'ask_summary':
        return agents.askSummary(call);
      case 'join':
        return this.join(call, effect.leg);
      case 'rejoin':
        await bridges.again(call.callId, effect.leg.channelId);
        return recorder.heardAnew(call);
      case 'hang_up':
        return this.hangUp(effect.channelId, effect.cause);
      case 'tear_down':
        return this.tearDown(call, effect);
    }
  }

  /** What the flow would otherwise wait for. */
  private failed(call: Call, effect: CallEffect): void {
    const { callId } = call;
    switch (effect.kind) {
      case 'play':
        return this.tell(callId, { kind: 'flow', input: { kind: 'said', step: effect.step } });
      case 'dial':
      case 'dial_queue':
        return this.tell(callId, { kind: 'leg_gone', channelId: effect.leg.channelId, cause: 20 });
      case 'join':
      case 'rejoin':
        return this.tell(callId, { kind: 'leg_gone', channelId: effect.leg.channelId, cause: 16 });
      case 'attach_agent':
        return this.tell(callId, { kind: 'agent_away', legId: effect.leg.legId, hopeless: false });
      case 'record':
        return this.tell(callId, { kind: 'recording_failed', recordingId: effect.recordingId });
      case 'dial_link':
        this.tell(callId, { kind: 'leg_gone', channelId: effect.leg.channelId, cause: 20 });
        // The other call waits for its half.
        if (effect.to.kind === 'call') this.tell(effect.to.callId, { kind: 'leg_gone', channelId: effect.to.legId, cause: 20 });
        return;
      case 'tap':
      case 'join_room':
        return this.tell(callId, { kind: 'leg_gone', channelId: effect.leg.channelId, cause: 16 });
      case 'play_out':
        return this.tell(callId, { kind: 'played', playbackId: effect.playbackId, outcome: 'failed' });
      case 'answer':
      case 'indicate_ringing':
      case 'stop_play':
      case 'ringback':
      case 'hold_music':
      case 'timer':
      case 'stop_timer':
      case 'detach_agent':
      case 'ask_summary':
      case 'hang_up':
      case 'part':
      case 'put':
      case 'clear':
      case 'brief':
      case 'stop_play_out':
      case 'send_digits':
      case 'pause_record':
      case 'stop_record':
      case 'tear_down':
    }
  }

  private async join(call: Call, leg: { readonly channelId: string; readonly legId: string }): Promise<void> {
    await this.parts.bridges.ensure(call);
    await this.parts.bridges.add(call.callId, leg.channelId);
    this.tell(call.callId, { kind: 'leg_joined', legId: leg.legId });
    await this.parts.recorder.heardAnew(call);
  }

  private async hangUp(channelId: string, cause: number): Promise<void> {
    await this.parts.ari.channels.hangup({ channelId, reason_code: String(cause) }).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  private async tearDown(call: Call, { recordings, rooms }: Extract<CallEffect, { kind: 'tear_down' }>): Promise<void> {
    this.parts.timers.stopAll(call.callId);
    for (const recording of recordings) await this.parts.recorder.stop(primaryLeg(call).channelId, recording);
    for (const room of rooms) await this.parts.rooms.clear(sideRoom(call.callId, room));
    await this.parts.bridges.destroy(call.callId);
  }
}
