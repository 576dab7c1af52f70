import { Controller, Inject } from '@nestjs/common';
import { AgentLeavingV1, HandoffV1, HangupV1 } from '@troncal/contracts';
import { HandlesCommand } from '@troncal/messaging';
import type { z } from 'zod';
import { CallDesk } from '../calls/call-desk.js';

/** What other services may ask of a call: the agent's wish for a person, and its end. */
@Controller()
export class CallsResponder {
  constructor(@Inject(CallDesk) private readonly desk: CallDesk) {}

  /** Accepted only while the call is with an agent; the route says where it leads. */
  @HandlesCommand(HandoffV1)
  async handoff({ callId, reason, summary }: z.output<typeof HandoffV1.request>): Promise<z.input<typeof HandoffV1.reply>> {
    const actor = await this.desk.atHand(callId);
    if (!actor) return { accepted: false, detail: 'the call is over' };
    if (actor.call.flow?.phase !== 'agent') return { accepted: false, detail: 'the call is not with an agent' };
    await actor.ask({ kind: 'handoff', reason, ...(summary === undefined ? {} : { summary }) });
    return { accepted: true };
  }

  /** Accepted while this leg is the one that the call's agent speaks by. */
  @HandlesCommand(AgentLeavingV1)
  async agentLeaving({ callId, legId }: z.output<typeof AgentLeavingV1.request>): Promise<z.input<typeof AgentLeavingV1.reply>> {
    const actor = await this.desk.atHand(callId);
    if (!actor || actor.call.agentPart?.legId !== legId) return { accepted: false };
    const call = await actor.ask({ kind: 'agent_leaving', legId });
    return { accepted: call.agentPart?.legId !== legId };
  }

  @HandlesCommand(HangupV1)
  async hangup({ callId, by }: z.output<typeof HangupV1.request>): Promise<z.input<typeof HangupV1.reply>> {
    const actor = await this.desk.atHand(callId);
    if (!actor) return { ended: false };
    const call = await actor.ask({ kind: 'hangup', by, cause: 16 });
    return { ended: call.state === 'ended' };
  }
}
