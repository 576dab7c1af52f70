import { alawToUlaw } from '@troncal/audio';
import { errorText, pause } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { greetingFor, type AgentProfile } from '../agents/agent-profile.js';
import type { Greeting } from '../dialogue/dialogue-call.js';
import type { EngineFactory, G711, VoiceEngine } from '../engine/voice-engine.js';
import { inLaw, type PromptStore } from './prompt-store.js';

const RENDER_MS = 15_000;
const TRIES = 4;
const RETRY_MS = 3_000;
/** What a call may wait for a greeting that nobody has made yet. */
const LATE_RENDER_MS = 600;

/**
 * First sentences as G.711, one per profile version, language and voice, so that a caller hears the agent before any provider has been
 * reached. Made by the provider in its own voice ahead of calls; by espeak-ng when it can't.
 */
export class GreetingBook {
  private readonly making = new Map<string, Promise<void>>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly store: PromptStore,
    private readonly engines: Pick<EngineFactory, 'primary'>,
    private readonly logger: Logger,
  ) {}

  /** The greeting for a call; without audio when none has been made and none can be made at once. */
  async forCall(profile: AgentProfile, language: string, law: G711): Promise<Greeting> {
    const { text, language: spoken } = greetingFor(profile, language);
    const kept = await this.store.find(keyOf(profile, spoken));
    if (kept !== undefined) return { text: kept.text, audio: inLaw(kept, law) };
    if (!this.store.speaks) return { text, audio: undefined };
    const made = await Promise.race([this.store.speak(text, spoken), pause(LATE_RENDER_MS)]);
    return typeof made === 'boolean' ? { text, audio: undefined } : { text, audio: inLaw(made, law) };
  }

  /** Keeps a greeting that the provider has just spoken in a call. */
  async keep(profile: AgentProfile, language: string, text: string, audio: Uint8Array, law: G711): Promise<void> {
    await this.store.keep(keyOf(profile, greetingFor(profile, language).language), { text, ulaw: law === 'ulaw' ? audio : alawToUlaw(audio) });
  }

  /** Makes what is missing of a profile's greetings, in the background; failures are logged and tried again a few times. */
  prepare(profile: AgentProfile): void {
    for (const language of Object.keys(profile.greetings)) {
      const key = keyOf(profile, language);
      if (this.making.has(key)) continue;
      const work = this.make(profile, language, key, this.stopping.signal)
        .catch((error: unknown) => this.logger.warn({ err: error }, 'a greeting could not be made'))
        .finally(() => this.making.delete(key));
      this.making.set(key, work);
    }
  }

  /** Resolves when nothing is being made. */
  async settled(): Promise<void> {
    await Promise.all(this.making.values());
  }

  /** Gives up what is being made. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.settled();
  }

  private async make(profile: AgentProfile, language: string, key: string, signal: AbortSignal): Promise<void> {
    if ((await this.store.find(key)) !== undefined) return;
    const { text } = greetingFor(profile, language);
    for (let attempt = 1; attempt <= TRIES && !signal.aborted; attempt += 1) {
      try {
        const spoken = await this.byProvider(profile, language, text, signal);
        await this.store.keep(key, spoken);
        return;
      } catch (error) {
        this.logger.info({ agent: profile.code, language, attempt, reason: errorText(error) }, 'the voice provider has not spoken a greeting');
        if (!(await pause(RETRY_MS * attempt, signal))) return;
      }
    }
    if (this.store.speaks) await this.store.speak(text, language);
  }

  private byProvider(profile: AgentProfile, language: string, text: string, signal: AbortSignal): Promise<{ text: string; ulaw: Uint8Array }> {
    const engine = this.engines.primary({ callId: 'greeting', profile: { ...profile, tools: [] }, format: 'ulaw', language, history: [] });
    return new Promise<{ text: string; ulaw: Uint8Array }>((resolve, reject) => {
      const stop = AbortSignal.any([signal, AbortSignal.timeout(RENDER_MS)]);
      stop.addEventListener('abort', () => reject(new Error(`no greeting within ${RENDER_MS} ms`)), { once: true });
      collect(engine, resolve, reject);
      engine.respond(`Greet the caller now. Say exactly: "${text}"`);
    }).finally(() => engine.close());
  }
}

function collect(engine: VoiceEngine, resolve: (speech: { text: string; ulaw: Uint8Array }) => void, reject: (error: Error) => void): void {
  const parts: Uint8Array[] = [];
  engine.listen((event) => {
    if (event.type === 'agent-audio') parts.push(event.audio);
    if (event.type === 'lost') reject(new Error(event.reason));
    if (event.type === 'response-done') reject(new Error('the answer had no sound'));
    if (event.type === 'agent-item-done' && parts.length > 0) resolve({ text: event.text, ulaw: Buffer.concat(parts) });
  });
}

const keyOf = (profile: AgentProfile, language: string): string => `greeting|${profile.tenant}|${profile.code}|${profile.version}|${language}|${profile.voice}`;
