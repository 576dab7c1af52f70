import { msOfSamples } from '@troncal/audio';
import { newId } from '@troncal/kernel';
import { phrase, type Phrase } from '../../prompts/phrases.js';
import { inLaw, type PromptStore } from '../../prompts/prompt-store.js';
import { EventPort } from '../event-port.js';
import type { EngineContext, EngineEvent, VoiceEngine } from '../voice-engine.js';

/** Silence between two offers. */
const PAUSE_MS = 8_000;
/** Offers before a person is fetched without being asked for. */
const OFFERS = 2;

/**
 * The last resort: fixed sentences and keys, nothing from outside this machine. It excuses the failure, offers a person on 0 (which the
 * gateway acts on, so it works whatever happens here), and after a while asks for one itself.
 */
export class ScriptedEngine implements VoiceEngine {
  readonly kind = 'scripted';
  readonly simulated = false;
  private readonly port = new EventPort();
  private timer: NodeJS.Timeout | undefined;
  private offers = 0;
  private speaking = false;
  private closed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly prompts: Pick<PromptStore, 'speak'>,
    private readonly pauseMs = PAUSE_MS,
    private readonly first: Phrase = 'sorry',
  ) {}

  listen(listener: (event: EngineEvent) => void): void {
    this.port.listen(listener);
    this.port.emit({ type: 'ready' });
    this.say(this.first);
  }

  hear(): void {
    // It has no ears.
  }

  note(): void {
    // Nor a memory.
  }

  respond(): void {
    // It speaks by itself.
  }

  truncate(): void {
    // Nothing to correct.
  }

  forget(): void {
    // Nothing to forget.
  }

  cancel(): void {
    // What is queued is the playout's.
  }

  toolResult(_call: string, output: string): void {
    const { ok } = JSON.parse(output) as { ok: boolean };
    if (!ok) this.say('nobody');
  }

  retellTool({ call, output }: { readonly call: string; readonly output: string }): void {
    this.toolResult(call, output);
  }

  summarise(): Promise<string> {
    return Promise.reject(new Error('the scripted engine cannot summarise'));
  }

  /** 0 is the gateway's. Any other key repeats the offer. */
  digit(digit: string): void {
    if (digit !== '0' && !this.speaking) this.say('offer');
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private say(name: Phrase, after: () => void = () => this.wait()): void {
    clearTimeout(this.timer);
    this.speaking = true;
    void this.prompts.speak(phrase(name, this.context.language), this.context.language).then((speech) => {
      if (this.closed) return;
      const ids = { response: `scripted-${newId()}`, item: `scripted-${newId()}` };
      const audio = inLaw(speech, this.context.format);
      this.port.emit({ type: 'response-started', response: ids.response });
      this.port.emit({ type: 'agent-text', ...ids, text: speech.text });
      this.port.emit({ type: 'agent-audio', ...ids, audio });
      this.port.emit({ type: 'agent-item-done', ...ids, text: speech.text });
      this.port.emit({ type: 'response-done', response: ids.response, status: 'completed' });
      this.later(msOfSamples(audio.length), () => {
        this.speaking = false;
        after();
      });
    });
  }

  private wait(): void {
    this.later(this.pauseMs, () => {
      this.offers += 1;
      if (this.offers <= OFFERS) return this.say('offer');
      this.offers = 0;
      this.say('connecting', () => this.fetchPerson());
    });
  }

  private fetchPerson(): void {
    const response = `scripted-${newId()}`;
    this.port.emit({ type: 'tool-call', response, call: `scripted-${newId()}`, name: 'transfer_to_person', argumentsJson: JSON.stringify({ reason: 'the voice agent is not available' }) });
    this.wait();
  }

  private later(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(act, ms);
  }
}
