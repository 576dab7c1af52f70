import type { Logger } from '@troncal/observability';
import type { PromptStore } from '../prompts/prompt-store.js';
import { OpenAiEngine } from './openai/openai-engine.js';
import type { ProviderAddress } from './openai/realtime-socket.js';
import { ScriptedEngine } from './scripted/scripted-engine.js';
import type { EngineContext, EngineFactory, SessionLimits, VoiceEngine } from './voice-engine.js';

/** OpenAI Realtime first (the real one or its simulator), fixed sentences when it can't be had. */
export class ProviderEngines implements EngineFactory {
  constructor(
    /** Undefined: no provider is configured, every call is scripted. */
    private readonly address: ProviderAddress | undefined,
    private readonly simulated: boolean,
    readonly limits: SessionLimits,
    private readonly prompts: PromptStore,
    private readonly logger: Logger,
  ) {}

  primary(context: EngineContext): VoiceEngine {
    if (this.address === undefined) return this.fallback(context, false);
    return new OpenAiEngine(context, this.address, this.simulated, this.logger);
  }

  fallback(context: EngineContext, apologise: boolean): VoiceEngine {
    return new ScriptedEngine(context, this.prompts, undefined, apologise ? 'sorry' : 'offer');
  }
}
