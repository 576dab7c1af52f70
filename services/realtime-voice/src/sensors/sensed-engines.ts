import { isCallId } from '@troncal/kernel';
import type { Telemetry } from '@troncal/observability';
import type { EngineContext, EngineFactory, SessionLimits, VoiceEngine } from '../engine/voice-engine.js';
import { SensedEngine, type SessionTelemetry } from './sensed-engine.js';
import { VoiceMeters } from './voice-meters.js';

/** Makes engines that are watched. */
export class SensedEngines implements EngineFactory {
  private readonly session: SessionTelemetry;

  constructor(
    private readonly engines: EngineFactory,
    telemetry: Telemetry,
    model: string,
  ) {
    this.session = { meters: new VoiceMeters(telemetry), spans: telemetry.spans, model };
  }

  get limits(): SessionLimits {
    return this.engines.limits;
  }

  primary(context: EngineContext): VoiceEngine {
    return this.watched(this.engines.primary(context), context);
  }

  fallback(context: EngineContext, apologise: boolean): VoiceEngine {
    return this.watched(this.engines.fallback(context, apologise), context);
  }

  /** An engine that only reads greetings aloud works for no call. */
  private watched(engine: VoiceEngine, context: EngineContext): VoiceEngine {
    return isCallId(context.callId) ? new SensedEngine(engine, context, this.session) : engine;
  }
}
