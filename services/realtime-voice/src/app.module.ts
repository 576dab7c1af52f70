import { Module } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import { Telemetry, type Logger } from '@troncal/observability';
import { AgentsController } from './agents/agents.controller.js';
import { AGENTS } from './agents/agents.repository.js';
import { PgAgentsRepository } from './agents/agents.repository.pg.js';
import { PutAgent } from './agents/put-agent.js';
import type { RealtimeVoiceConfig } from './config.js';
import { AttachConversation } from './conversations/attach-conversation.js';
import { AttachPlaces } from './conversations/attach-places.js';
import { BeginDialogue, Journals } from './conversations/begin-dialogue.js';
import { ConversationPublisher } from './conversations/conversation.publisher.js';
import { ConversationsController } from './conversations/conversations.controller.js';
import { CONVERSATIONS } from './conversations/conversations.repository.js';
import { PgConversationsRepository } from './conversations/conversations.repository.pg.js';
import { DrainCalls } from './conversations/drain-calls.js';
import { EndConversation } from './conversations/end-conversation.js';
import { Holders } from './conversations/holders.js';
import { LegOutcomes } from './conversations/leg-outcomes.js';
import { LegDoor } from './conversations/leg-door.js';
import { LiveConversations } from './conversations/live-conversations.js';
import { OnCallEnded } from './conversations/on-call-ended.consumer.js';
import { PreparedLegs } from './conversations/prepared-legs.js';
import { PrepareLeg } from './conversations/prepare-leg.js';
import { ReplicaCommands } from './conversations/replica-commands.js';
import { SummariseConversation } from './conversations/summarise-conversation.js';
import { VoiceCommandsResponder } from './conversations/voice-commands.responder.js';
import { ProviderEngines } from './engine/engine-factory.js';
import { ENGINE_FACTORY, type EngineFactory } from './engine/voice-engine.js';
import { GreetingBook } from './prompts/greeting-book.js';
import { PromptStore } from './prompts/prompt-store.js';
import { SpeechAhead } from './prompts/speech-ahead.js';
import { ConversationSensors } from './sensors/conversation-sensor.js';
import { SensedEngines } from './sensors/sensed-engines.js';
import { VoiceHost, VoiceSensors } from './voice-host.js';

/** The simulator takes any key; the real service is never asked without one. */
const SIMULATOR_KEY = 'simulated';

const hasProvider = (config: RealtimeVoiceConfig): boolean => config.OPENAI_API_KEY !== undefined || config.SIMULATED;

const engines = {
  provide: ENGINE_FACTORY,
  inject: [CONFIG, PromptStore, Telemetry, LOGGER],
  useFactory: (config: RealtimeVoiceConfig, prompts: PromptStore, telemetry: Telemetry, logger: Logger): EngineFactory => {
    const address = { url: config.OPENAI_REALTIME_URL, model: config.OPENAI_REALTIME_MODEL, apiKey: config.OPENAI_API_KEY ?? SIMULATOR_KEY };
    const hardMs = config.OPENAI_SESSION_HARD_SECONDS * 1_000;
    const limits = { softMs: Math.min(config.OPENAI_SESSION_SOFT_SECONDS * 1_000, hardMs), hardMs };
    if (!hasProvider(config)) logger.warn('no key of a voice provider and no simulator: every call is scripted');
    return new SensedEngines(new ProviderEngines(hasProvider(config) ? address : undefined, config.SIMULATED, limits, prompts, logger), telemetry, config.OPENAI_REALTIME_MODEL);
  },
};

/** The composition root: binds ports to adapters. */
@Module({
  controllers: [AgentsController, ConversationsController, VoiceCommandsResponder],
  providers: [
    { provide: AGENTS, useClass: PgAgentsRepository },
    { provide: CONVERSATIONS, useClass: PgConversationsRepository },
    engines,
    { provide: PromptStore, inject: [CONFIG, LOGGER], useFactory: (config: RealtimeVoiceConfig, logger: Logger) => new PromptStore(config.PROMPT_CACHE_DIR, config.ESPEAK_COMMAND, logger) },
    { provide: GreetingBook, inject: [PromptStore, ENGINE_FACTORY, LOGGER], useFactory: (store: PromptStore, factory: EngineFactory, logger: Logger) => new GreetingBook(store, factory, logger) },
    { provide: LiveConversations, inject: [LOGGER], useFactory: (logger: Logger) => new LiveConversations(logger) },
    { provide: PreparedLegs, useFactory: () => new PreparedLegs() },
    {
      provide: AttachPlaces,
      inject: [Holders, PreparedLegs, CONFIG],
      useFactory: (holders: Holders, prepared: PreparedLegs, config: RealtimeVoiceConfig) => new AttachPlaces(holders, prepared, hasProvider(config) ? 'openai-realtime' : 'scripted', config.SIMULATED),
    },
    AttachConversation,
    BeginDialogue,
    ConversationPublisher,
    ConversationSensors,
    DrainCalls,
    EndConversation,
    Holders,
    Journals,
    LegDoor,
    LegOutcomes,
    OnCallEnded,
    PrepareLeg,
    PutAgent,
    ReplicaCommands,
    SpeechAhead,
    SummariseConversation,
    VoiceHost,
    VoiceSensors,
  ],
})
export class AppModule {}
