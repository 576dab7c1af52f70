import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, LOGGER } from '@troncal/chassis';
import { HandoffV1, HangupV1 } from '@troncal/contracts';
import type { Clock } from '@troncal/kernel';
import { CommandClient } from '@troncal/messaging';
import type { Logger } from '@troncal/observability';
import { Database } from '@troncal/persistence';
import { Dialogue } from '../dialogue/dialogue.js';
import type { DialogueJournal } from '../dialogue/journal.js';
import { limitsOf } from '../dialogue/session-age.js';
import { ENGINE_FACTORY, type EngineFactory } from '../engine/voice-engine.js';
import type { MediaLeg } from '../media/media-leg.js';
import { GreetingBook } from '../prompts/greeting-book.js';
import { ConversationSensors, type ConversationSensor } from '../sensors/conversation-sensor.js';
import { callTools, type CallControl } from '../tools/call-tools.js';
import type { ClaimedLeg } from './conversation.js';
import { ConversationJournal } from './conversation-journal.js';
import { ConversationPublisher } from './conversation.publisher.js';
import { CONVERSATIONS, type ConversationsRepository } from './conversations.repository.js';
import { FactQueue } from './fact-queue.js';
import { LegOutcomes } from './leg-outcomes.js';
import { LiveConversations, type LiveConversation } from './live-conversations.js';
import type { PreparedLeg } from './prepared-legs.js';
import { StreamLeg } from './stream-leg.js';

/** Where a dialogue's facts go. */
@Injectable()
export class Journals {
  constructor(
    private readonly db: Database,
    @Inject(CONVERSATIONS) private readonly conversations: ConversationsRepository,
    private readonly publisher: ConversationPublisher,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly sensors: ConversationSensors,
  ) {}

  open(claimed: ClaimedLeg): { journal: DialogueJournal; facts: FactQueue; sensor: ConversationSensor } {
    const { conversation } = claimed;
    const sensor = this.sensors.of(claimed);
    const facts = new FactQueue(this.db, conversation.id, this.logger, sensor.within);
    const of = { conversationId: conversation.id, callId: conversation.callId, tenant: conversation.tenant, agent: conversation.agent, language: conversation.language, legId: claimed.legId };
    return { facts, sensor, journal: sensor.journal(new ConversationJournal(of, facts, this.conversations, this.publisher, this.clock, this.logger)) };
  }
}

/** Puts a claimed leg, an engine and a journal together: from here on caller and agent talk. */
@Injectable()
export class BeginDialogue {
  constructor(
    @Inject(ENGINE_FACTORY) private readonly engines: EngineFactory,
    private readonly journals: Journals,
    private readonly live: LiveConversations,
    private readonly commands: CommandClient,
    private readonly greetings: GreetingBook,
    private readonly outcomes: LegOutcomes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Within one tick of the event loop, so that no frame is missed. */
  execute(bare: MediaLeg, claimed: ClaimedLeg, prepared: PreparedLeg): void {
    const { conversation } = claimed;
    const { callId } = conversation;
    const { profile } = prepared;
    const { journal, facts, sensor } = this.journals.open(claimed);
    const leg = sensor.leg(bare);
    const stream = claimed.digits && new StreamLeg({
      legId: claimed.legId,
      digits: claimed.digits,
      dialogue: () => dialogue,
      wanted: (wish) => journal.handoffRequested(wish),
      end: (over) => void (this.live.get(callId) === live && this.live.letGo(callId, over, 0)),
    }, this.outcomes);
    const dialogue: Dialogue = new Dialogue(
      {
        callId,
        conversationId: conversation.id,
        legId: claimed.legId,
        profile,
        format: conversation.format,
        language: conversation.language,
        greeting: prepared.greeting,
        resumed: claimed.resume,
        rested: claimed.rested,
        history: prepared.history,
        turnsBefore: prepared.turnsBefore,
      },
      {
        sink: leg,
        engines: this.engines,
        journal,
        // A person can always be asked for: the scripted engine does, whatever the model is allowed.
        tools: callTools(stream ?? this.byGateway(callId, journal, sensor, () => dialogue.agentHungUp()), [...new Set([...profile.tools, 'transfer_to_person' as const])]),
        limits: limitsOf(this.engines.limits, Math.random()),
        now: () => performance.now(),
        logger: this.logger,
        prewarmed: prepared.engine,
        gaveUp: stream && ((reason) => stream.gaveUp(reason)),
        keepGreeting: (text, audio) => void this.greetings.keep(profile, conversation.language, text, audio, conversation.format),
      },
    );
    const live: LiveConversation = {
      callId,
      conversationId: conversation.id,
      legId: claimed.legId,
      streamed: stream !== undefined,
      dialogue,
      facts,
      hangLegUp: (reason) => (stream === undefined ? leg.close(reason) : void this.outcomes.written(claimed.legId).then(() => leg.close(reason))),
      guard: (work) => leg.guard(work),
    };
    leg.handle({
      audio: (frame) => dialogue.callerAudio(frame),
      report: (report) => void (stream?.takes(report) === true || dialogue.legReport(report)),
      writable: () => dialogue.resumeSending(),
      closed: (fault) => this.live.lost(live, fault),
    });
    this.live.add(live);
    dialogue.start();
  }

  /** The wishes of an agent whose leg the gateway holds. */
  private byGateway(callId: string, journal: DialogueJournal, sensor: ConversationSensor, hungUp: () => void): CallControl {
    return {
      handOff: async (wish) => {
        journal.handoffRequested(wish);
        return sensor.within(() => this.commands.ask(HandoffV1, { callId, reason: wish.reason, ...(wish.summary === undefined ? {} : { summary: wish.summary }) }));
      },
      hangUp: async (reason) => {
        await sensor.within(() => this.commands.ask(HangupV1, { callId, by: 'agent', reason }));
        hungUp();
      },
    };
  }
}
