import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, LOGGER, Schema } from '@troncal/chassis';
import { errorText } from '@troncal/kernel';
import { Health, Metrics, notReady, READY, runOutsideContext, type Logger } from '@troncal/observability';
import { AGENTS, type AgentsRepository } from './agents/agents.repository.js';
import type { RealtimeVoiceConfig } from './config.js';
import { LegDoor } from './conversations/leg-door.js';
import { LiveConversations } from './conversations/live-conversations.js';
import { PreparedLegs } from './conversations/prepared-legs.js';
import { MediaServer } from './media/media-server.js';
import { GreetingBook } from './prompts/greeting-book.js';
import { phrasesOf } from './prompts/phrases.js';
import { PromptStore } from './prompts/prompt-store.js';

/** How long the journals of live calls may take to be written when the process ends. */
const HAND_OVER_MS = 5_000;

/** Speech that must be there before somebody calls. */
@Injectable()
export class SpeechAhead {
  constructor(
    @Inject(AGENTS) private readonly agents: AgentsRepository,
    private readonly greetings: GreetingBook,
    private readonly prompts: PromptStore,
    private readonly schema: Schema,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Returns at once; what can't be made is made when it's needed. */
  begin(): void {
    void runOutsideContext(() => this.make()).catch((error: unknown) => this.logger.warn({ reason: errorText(error) }, 'greetings could not be prepared'));
  }

  stop(): Promise<void> {
    return this.greetings.stop();
  }

  private async make(): Promise<void> {
    await this.schema.ready();
    for (const { profile } of await this.agents.list(undefined)) this.greetings.prepare(profile);
    for (const language of ['es', 'en']) for (const text of phrasesOf(language)) await this.prompts.speak(text, language);
  }
}

/** The media socket's side of the service: opens with it, and on its way out hands the calls over instead of ending them. */
@Injectable()
export class VoiceHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: MediaServer<Awaited<ReturnType<LegDoor['claim']>> & object>;
  private port: number | undefined;

  constructor(
    @Inject(CONFIG) config: RealtimeVoiceConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    door: LegDoor,
    private readonly calls: LiveCalls,
    private readonly speech: SpeechAhead,
    sensors: VoiceSensors,
  ) {
    this.server = new MediaServer({ host: config.MEDIA_HOST, port: config.MEDIA_PORT, maxLegs: config.MEDIA_MAX_CALLS }, door, logger);
    sensors.observe(calls.live, () => this.port !== undefined);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.port = await this.server.listen();
    this.logger.info({ port: this.port }, 'media sockets are accepted');
    this.speech.begin();
  }

  /** Where media sockets are accepted. */
  get mediaPort(): number {
    if (this.port === undefined) throw new Error('The media server is not listening.');
    return this.port;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.port = undefined;
    await this.speech.stop();
    this.calls.prepared.clear();
    await this.calls.live.handOver(HAND_OVER_MS);
    await this.server.close();
  }
}

/** Calls of this process: talking, and about to. */
@Injectable()
export class LiveCalls {
  constructor(
    readonly live: LiveConversations,
    readonly prepared: PreparedLegs,
  ) {}
}

/** What operations see of the voice. */
@Injectable()
export class VoiceSensors {
  constructor(
    private readonly metrics: Metrics,
    private readonly health: Health,
  ) {}

  observe(live: LiveConversations, listening: () => boolean): void {
    this.metrics.gauge('troncal_voice_live_count', 'Conversations whose media leg is connected to this process.', [], (gauge) => gauge.set(live.size));
    this.health.add('media', () => Promise.resolve(listening() ? READY : notReady('The media server is not listening.')));
  }
}
