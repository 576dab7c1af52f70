import type { Server } from 'node:http';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, LOGGER } from '@troncal/chassis';
import { Health, Metrics, notReady, READY, type Counter, type Logger } from '@troncal/observability';
import type { RealtimeVoiceConfig } from './config.js';
import { DrainCalls } from './conversations/drain-calls.js';
import { LegDoor } from './conversations/leg-door.js';
import { LiveConversations } from './conversations/live-conversations.js';
import { PreparedLegs } from './conversations/prepared-legs.js';
import { MediaDoors, type MediaPorts } from './media/media-doors.js';
import { SpeechAhead } from './prompts/speech-ahead.js';

/** How long the journals of live calls may take to be written when the process ends. */
const HAND_OVER_MS = 5_000;

/** What operations see of the voice. */
@Injectable()
export class VoiceSensors {
  private readonly held: Counter;

  constructor(
    private readonly metrics: Metrics,
    private readonly health: Health,
    readonly live: LiveConversations,
    private readonly prepared: PreparedLegs,
  ) {
    this.held = metrics.counter('troncal_voice_held_back_seconds_total');
  }

  /** What this process holds of calls; all zero when there are none. */
  census(): Readonly<Record<string, number>> {
    return { live: this.live.size, pending: this.live.pending, prepared: this.prepared.size };
  }

  /** Audio that is heard later than it should be, see `FramePacer`. */
  heldBack(seconds: number): void {
    this.held.inc(seconds);
  }

  observe(listening: () => boolean): void {
    this.metrics.gauge('troncal_voice_live_count', (gauge) => gauge.set(this.live.size));
    this.health.add('media', () => Promise.resolve(listening() ? READY : notReady('The media servers are not listening.')));
  }
}

/** The media socket's side of the service: opens with it, and on its way out hands the calls over instead of ending them. */
@Injectable()
export class VoiceHost implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly doors: MediaDoors<Awaited<ReturnType<LegDoor['claim']>> & object>;
  private ports: MediaPorts | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: RealtimeVoiceConfig,
    @Inject(LOGGER) private readonly logger: Logger,
    door: LegDoor,
    private readonly drain: DrainCalls,
    private readonly speech: SpeechAhead,
    private readonly sensors: VoiceSensors,
    private readonly http: HttpAdapterHost,
  ) {
    const { MEDIA_HOST: host, MEDIA_PORT: port, AUDIOSOCKET_PORT: audioSocketPort, MEDIA_MAX_CALLS: maxLegs } = config;
    this.doors = new MediaDoors({ host, port, audioSocketPort, maxLegs, heldBack: (seconds) => sensors.heldBack(seconds) }, door, logger);
    sensors.observe(() => this.ports !== undefined);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.ports = await this.doors.listen(this.http.httpAdapter.getHttpServer() as Server);
    this.logger.info({ ports: this.ports }, 'media legs are accepted');
    this.speech.begin();
  }

  /** Where media legs are accepted. */
  get mediaPorts(): MediaPorts {
    if (this.ports === undefined) throw new Error('The media servers are not listening.');
    return this.ports;
  }

  /** What this process holds of calls and connections; all zero when nobody calls. */
  census(): Readonly<Record<string, number>> {
    return { ...this.sensors.census(), connections: this.doors.size };
  }

  /** The first thing on the way out, while commands, events and HTTP are still served; readiness has gone before it. */
  async onModuleDestroy(): Promise<void> {
    await this.drain.execute(this.config.DRAIN_SECONDS * 1_000);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.ports = undefined;
    await this.speech.stop();
    await this.sensors.live.handOver(HAND_OVER_MS);
    await this.doors.close();
  }
}
