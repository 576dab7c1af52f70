import { isGone, type AriClient } from '@troncal/ari';
import { AttachV1, DetachV1, SummariseV1, type CommandDefinition } from '@troncal/contracts';
import { errorText, PermanentError } from '@troncal/kernel';
import type { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { knownAs, type Call } from '../call.js';
import type { CallEffect } from '../machine/call-effect.js';
import type { CallBridges } from './call-bridges.js';
import type { MediaLegOpener } from './media-leg-opener.js';
import type { Tell } from './tell.js';

type Attach = Extract<CallEffect, { kind: 'attach_agent' }>;

const SUMMARY_MS = 1_000;
/** A new caller hears nothing meanwhile. */
const ATTACHED_WITHIN_MS = 2_000;
/** All that had an agent come at once when it is back, each with its past to be read: who asks again too soon has the work done twice. */
const RESUMED_WITHIN_MS = 4_000;

/**
 * The AI agent's side of a call: asks realtime-voice for it, and has Asterisk open the media leg to it. Attaching runs while the caller is answered
 * and bridged; it never holds up the call.
 */
export class AgentLink {
  private readonly entered = new Map<string, Promise<void>>();

  constructor(
    private readonly ari: AriClient,
    private readonly commands: CommandClient,
    private readonly opener: MediaLegOpener,
    private readonly bridges: CallBridges,
    private readonly tell: Tell,
    private readonly logger: Logger,
  ) {}

  /** Begins at once what needs no answered caller: the agent, then its leg. */
  prepare(call: Call, effect: Attach): void {
    const entry = this.openLeg(call, effect);
    entry.catch(() => {});
    this.entered.set(effect.leg.legId, entry);
  }

  /** Puts the prepared leg into the bridge when both are there; reports `leg_joined` or `agent_away`. Returns at once. */
  async attach(call: Call, effect: Attach): Promise<void> {
    const { legId, channelId } = effect.leg;
    const entry = this.entered.get(legId) ?? this.openLeg(call, effect);
    this.entered.delete(legId);
    void Promise.all([entry, this.bridges.ensure(call)])
      .then(() => Promise.all([this.bridges.add(call.callId, channelId), this.opener.taken(effect.leg)]))
      .then(() => this.tell(call.callId, { kind: 'leg_joined', legId }))
      .catch((error: unknown) => this.away(call, effect, error));
  }

  /** Tells realtime-voice that its part is over. Its leg is taken away by the gateway, so nobody waits for the answer. */
  async detach(call: Call, reason: 'handoff' | 'detached' | 'call_ended'): Promise<void> {
    this.ask(DetachV1, { callId: knownAs(call), reason }).catch(() => {});
  }

  /** Asks what the agent knows; always reports within a second. */
  async askSummary(call: Call): Promise<void> {
    void this.commands
      .ask(SummariseV1, { callId: knownAs(call) }, { timeoutMs: SUMMARY_MS })
      .then(({ summary }) => this.tell(call.callId, { kind: 'summary', text: summary }))
      .catch(() => this.tell(call.callId, { kind: 'summary', text: null }));
  }

  private async openLeg(call: Call, { leg, agent, resume }: Attach): Promise<void> {
    await this.commands.ask(AttachV1, {
      callId: knownAs(call), legId: leg.legId, tenant: call.tenant, agent, format: 'ulaw', language: call.language, caller: call.from, called: call.to, resume,
    }, { timeoutMs: resume ? RESUMED_WITHIN_MS : ATTACHED_WITHIN_MS });
    await this.opener.open(call.callId, leg);
  }

  private away(call: Call, effect: Attach, error: unknown): void {
    this.logger.warn({ call: call.callId, leg: effect.leg.legId, reason: errorText(error) }, 'the agent could not be attached');
    this.ari.channels.hangup({ channelId: effect.leg.channelId }).catch((failed: unknown) => {
      if (!isGone(failed)) this.logger.warn({ err: failed, leg: effect.leg.legId }, 'a media leg could not be taken away');
    });
    this.tell(call.callId, { kind: 'agent_away', legId: effect.leg.legId, hopeless: error instanceof PermanentError });
  }

  private async ask(command: CommandDefinition, data: Record<string, unknown>): Promise<void> {
    await this.commands.ask(command, data);
  }
}
