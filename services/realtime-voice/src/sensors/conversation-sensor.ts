import { Injectable } from '@nestjs/common';
import { callTrace, runInContext, Telemetry, type Span, type WorkContext } from '@troncal/observability';
import type { ClaimedLeg } from '../conversations/conversation.js';
import type { DialogueJournal } from '../dialogue/journal.js';
import type { MediaLeg } from '../media/media-leg.js';
import { SensedJournal } from './sensed-journal.js';
import { SensedLeg } from './sensed-leg.js';
import { VoiceMeters } from './voice-meters.js';

/** Makes a sensor for each conversation of this process. */
@Injectable()
export class ConversationSensors {
  private readonly meters: VoiceMeters;

  constructor(private readonly telemetry: Telemetry) {
    this.meters = new VoiceMeters(telemetry);
  }

  of(claimed: ClaimedLeg): ConversationSensor {
    return new ConversationSensor(claimed, this.telemetry, this.meters);
  }
}

/** What operations see of one conversation on one media leg: its span in the trace of its call, the delays within, and the context its facts and commands go out in. */
export class ConversationSensor {
  private readonly context: Partial<WorkContext>;
  private readonly span: Span | undefined;

  constructor(
    { conversation, legId, resume }: ClaimedLeg,
    { spans }: Telemetry,
    private readonly meters: VoiceMeters,
  ) {
    const { callId, tenant, agent } = conversation;
    this.span = spans?.open(`invoke_agent ${agent.code}`, {
      parent: callTrace(callId),
      attributes: {
        'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': agent.code, 'gen_ai.agent.version': agent.version, 'gen_ai.conversation.id': conversation.id, 'troncal.tenant': tenant,
        'troncal.call.id': callId, 'troncal.leg.id': legId, 'troncal.voice.resumed': resume,
      },
    });
    this.context = { tenant, call: callId, correlationId: callId, trace: this.span?.trace ?? callTrace(callId), ...(spans && { spans }) };
  }

  /** Does work in the context of the conversation. */
  readonly within = <T>(work: () => T): T => runInContext(this.context, work);

  leg(leg: MediaLeg): MediaLeg {
    return new SensedLeg(leg, this.span, this.meters);
  }

  journal(journal: DialogueJournal): DialogueJournal {
    return new SensedJournal(journal, this.meters, this.context, this.span);
  }
}
