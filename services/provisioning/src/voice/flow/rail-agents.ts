import { Inject, Injectable } from '@nestjs/common';
import type { FlowState } from '@troncal/callflow';
import { LOGGER } from '@troncal/chassis';
import { AttachV1, LegOutcomeV1 } from '@troncal/contracts';
import { errorText } from '@troncal/kernel';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import type { z } from 'zod';
import { callIdOf } from '../call-id.js';
import type { TwimlDocument } from '../twiml/twiml-document.js';
import { party } from './call-facts-of.js';
import type { FlowRun, FlowScene, WantedAgent } from './flow-run.js';
import type { Waiting } from './flow-ticket.js';

type Outcome = z.output<typeof LegOutcomeV1.reply>;

/** A conversation that broke off is taken up again so often, then people take over. */
const MOST_TRIES = 2;
/** How often it is asked how a leg ended: Twilio waits for 15 s, and a question for one. */
const OUTCOME_TRIES = 4;

/** AI agents in flows on Twilio's rail: realtime-voice prepares a leg, Twilio streams to it, and when the stream has ended realtime-voice tells how. */
@Injectable()
export class RailAgents {
  constructor(
    private readonly commands: CommandClient,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Prepares what the flow waits for, until it waits for something else; an agent that can't be had is reported to it. */
  async serve(run: FlowRun, scene: FlowScene): Promise<TwimlDocument> {
    for (let wanted = run.wanted; wanted; wanted = run.wanted) {
      if (await this.attach(wanted, scene)) run.connect(wanted);
      else run.giveUp(wanted);
    }
    return run.document;
  }

  /** The stream has ended: the flow goes on by how it did. No answer counts as a failure. */
  async left(run: FlowRun, { notes }: FlowScene, state: FlowState, { leg, agent, tries }: Extract<Waiting, { for: 'agent' }>): Promise<void> {
    const { outcome, digit, summary, resumable } = await this.outcomeOf(leg);
    notes.note({ kind: 'agent', key: `agent:${leg}:ended`, leg, agent, phase: 'ended', outcome: outcome === 'ended' ? 'completed' : outcome });
    run.summary = summary;
    switch (outcome) {
      case 'digit':
        if (digit === undefined) return run.report(state, { kind: 'agent_failed', step: state.step });
        notes.note({ kind: 'digit', key: `digit:${state.step}:0`, digit, masked: false });
        return run.report(state, { kind: 'digit', digit });
      case 'handoff':
        return run.report(state, { kind: 'handoff' });
      case 'failed':
        return resumable && tries < MOST_TRIES ? run.again(state, tries + 1) : run.report(state, { kind: 'agent_failed', step: state.step });
      case 'caller_gone':
        return run.report(state, { kind: 'hangup' });
      case 'ended':
        return run.end('agent');
    }
  }

  private async attach({ leg, agent, language, resume, digits }: WantedAgent, { callSid, tenant, from, to, notes }: FlowScene): Promise<boolean> {
    try {
      await this.commands.ask(AttachV1, { callId: callIdOf(callSid), legId: leg, tenant: tenant.tenant, agent, format: 'ulaw', language, caller: party(from), called: party(to), resume, digits: [...digits] });
      notes.note({ kind: 'agent', key: `agent:${leg}:attached`, leg, agent, phase: 'attached' });
      return true;
    } catch (error) {
      this.logger.warn({ tenant: tenant.tenant, agent, reason: errorText(error) }, 'no AI agent could be had for a call on Twilio’s rail; its route goes on without');
      return false;
    }
  }

  private async outcomeOf(leg: string): Promise<Outcome> {
    try {
      // It may be asked of the very process whose end has ended the stream.
      return await this.commands.ask(LegOutcomeV1, { leg }, { tries: OUTCOME_TRIES });
    } catch (error) {
      this.logger.warn({ leg, reason: errorText(error) }, 'how an AI agent’s leg ended is not known: taken as failed');
      return { outcome: 'failed', resumable: false };
    }
  }
}
