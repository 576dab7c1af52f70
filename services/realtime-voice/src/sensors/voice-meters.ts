import type { Counter, Histogram, Telemetry } from '@troncal/observability';

/** The metrics of conversations. */
export class VoiceMeters {
  readonly conversations: Counter<'reason' | 'engine'>;
  readonly firstAudio: Histogram;
  readonly turnLatency: Histogram<'stage'>;
  readonly interruptions: Counter;
  readonly silence: Histogram;
  readonly connect: Histogram<'outcome'>;
  readonly changes: Counter<'how'>;
  readonly tools: Histogram<'tool' | 'outcome'>;

  constructor({ metrics }: Telemetry) {
    this.conversations = metrics.counter('troncal_conversations_total');
    this.firstAudio = metrics.histogram('troncal_voice_first_audio_seconds');
    this.turnLatency = metrics.histogram('troncal_voice_turn_latency_seconds');
    this.interruptions = metrics.counter('troncal_voice_interruptions_total');
    this.silence = metrics.histogram('troncal_voice_silence_seconds');
    this.connect = metrics.histogram('troncal_voice_provider_connect_seconds');
    this.changes = metrics.counter('troncal_voice_provider_changes_total');
    this.tools = metrics.histogram('troncal_tool_run_seconds');
  }
}
