import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, LOGGER } from '@troncal/chassis';
import { Health, Metrics, notReady, READY, type Logger } from '@troncal/observability';
import type { RealtimeVoiceConfig } from './config.js';
import { LegDoor } from './conversations/leg-door.js';
import { LiveConversations } from './conversations/live-conversations.js';
import { PreparedLegs } from './conversations/prepared-legs.js';
import { LegGate } from './media/leg-gate.js';
import { WebSocketMediaServer } from './media/websocket-server.js';
import { SpeechAhead } from './prompts/speech-ahead.js';

/** How long the journals of live calls may take to be written when the process ends. */
const HAND_OVER_MS = 5_000;

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
    this.metrics.gauge('troncal_voice_live_count', (gauge) => gauge.set(live.size));
    this.health.add('media', () => Promise.resolve(listening() ? READY : notReady('The media server is not listening.')));
  }
}

/** The media socket's side of the service: opens with it, and on its way out hands the calls over instead of ending them. */
@Injectable()
export class VoiceHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly server: WebSocketMediaServer<Awaited<ReturnType<LegDoor['claim']>> & object>;
  private port: number | undefined;

  constructor(
    @Inject(CONFIG) config: RealtimeVoiceConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    door: LegDoor,
    private readonly calls: LiveCalls,
    private readonly speech: SpeechAhead,
    sensors: VoiceSensors,
  ) {
    const gate = new LegGate(config.MEDIA_MAX_CALLS, door, logger);
    this.server = new WebSocketMediaServer({ host: config.MEDIA_HOST, port: config.MEDIA_PORT }, gate, logger);
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
