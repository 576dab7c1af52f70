import { pause } from '@troncal/kernel';
import type { ResponseParams } from './client-events.js';
import type { Decision, Language } from './brain.js';
import type { Conversation, Item } from './conversation.js';
import type { Behaviour } from './faults.js';
import { rateOf } from './input-audio.js';
import type { AudioFormat } from './session-config.js';
import type { SimulatedVoice } from './voice.js';
import { makeId, type Wire } from './wire.js';

/** Audio in one delta, ms. */
const DELTA_MS = 200;
const DEFAULT_SPEEDUP = 10;

export interface ResponsePlan {
  readonly decision: Decision;
  readonly params: ResponseParams;
  readonly modality: 'audio' | 'text';
  readonly format: AudioFormat;
  readonly voice: string;
  readonly language: Language;
  readonly behaviour: Behaviour;
  /** Turn of the caller that this answers; 0 before the first. */
  readonly turn: number;
}

type Status = 'in_progress' | 'completed' | 'cancelled' | 'failed' | 'incomplete';

/**
 * One response: its items, deltas and end, in the order of the GA protocol. Audio goes out faster than real time, so a response is usually
 * done long before it is heard. After `cancel` nothing follows but `response.done`.
 */
export class ResponseRun {
  readonly id = makeId('resp');
  private readonly stop = new AbortController();
  private readonly output: Item[] = [];
  private current: Item | undefined;
  private ended = false;

  constructor(
    private readonly plan: ResponsePlan,
    private readonly wire: Wire,
    private readonly conversation: Conversation,
    private readonly voice: SimulatedVoice,
    private readonly onEnd: (run: ResponseRun) => void,
  ) {}

  /** True for `conversation: 'none'`: beside the conversation, and any number at a time. */
  get outOfBand(): boolean {
    return this.plan.params.conversation === 'none';
  }

  async run(): Promise<void> {
    const { behaviour, decision, turn } = this.plan;
    this.wire.send({ type: 'response.created', response: this.describe('in_progress') });
    const chosen = behaviour.onTurn === undefined || behaviour.onTurn === turn;
    if (behaviour.firstByteMs !== undefined && !(await pause(behaviour.firstByteMs, this.stop.signal))) return;
    if (behaviour.failResponse !== undefined && chosen) return this.end('failed', { type: 'failed', error: { type: 'server_error', code: behaviour.failResponse } });
    if (decision.say !== '') await this.say(decision.say, chosen);
    if (this.ended || (behaviour.hangResponse === true && chosen)) return;
    if (decision.tool !== undefined) this.call(decision.tool);
    this.end('completed', undefined);
  }

  /** Ends it at once; `reason` as the service says it. */
  cancel(reason: 'turn_detected' | 'client_cancelled'): void {
    this.end('cancelled', { type: 'cancelled', reason });
  }

  /** Stops without a word: the socket is gone. */
  abandon(): void {
    this.ended = true;
    this.stop.abort();
  }

  private async say(text: string, chosen: boolean): Promise<void> {
    const audio = this.plan.modality === 'audio';
    const item: Item = { id: makeId('item'), object: 'realtime.item', type: 'message', status: 'in_progress', role: 'assistant', content: [] };
    const at = { response_id: this.id, item_id: item.id, output_index: this.output.length, content_index: 0 };
    this.open(item);
    item.content = [audio ? { type: 'output_audio', transcript: '' } : { type: 'output_text', text: '' }];
    this.wire.send({ type: 'response.content_part.added', ...at, part: audio ? { type: 'audio', transcript: '' } : { type: 'text', text: '' } });
    if (audio) await this.stream(item, text, at, chosen);
    else this.write(item, text, at);
    if (this.ended || (this.plan.behaviour.hangResponse === true && chosen)) return;
    if (audio) {
      this.wire.send({ type: 'response.output_audio.done', ...at });
      this.wire.send({ type: 'response.output_audio_transcript.done', ...at, transcript: text });
    } else this.wire.send({ type: 'response.output_text.done', ...at, text });
    this.wire.send({ type: 'response.content_part.done', ...at, part: audio ? { type: 'audio', transcript: text } : { type: 'text', text } });
    this.closeItem(item);
  }

  private write(item: Item, text: string, at: object): void {
    for (const word of text.split(/(?<= )/)) this.wire.send({ type: 'response.output_text.delta', ...at, delta: word });
    item.content = [{ type: 'output_text', text }];
  }

  private async stream(item: Item, text: string, at: object, chosen: boolean): Promise<void> {
    const { behaviour, format, language } = this.plan;
    // "format-silent" is the fault users met most: the echo says pcmu and the audio is PCM at 24 kHz.
    const spoken: AudioFormat = behaviour.wrong === 'format-silent' ? { type: 'audio/pcm', rate: 24_000 } : format;
    const audio = await this.voice.render(text, spoken, language, behaviour.speechMs);
    const bytesPerMs = (rateOf(spoken) / 1_000) * (spoken.type === 'audio/pcm' ? 2 : 1);
    const totalMs = audio.length / bytesPerMs;
    const beganAt = performance.now();
    for (let ms = 0, letters = 0; ms < totalMs; ms += DELTA_MS) {
      // By absolute deadline: timers that fire late must not make the stream slower than its speed-up says.
      const dueIn = beganAt + ms / (behaviour.speedup ?? DEFAULT_SPEEDUP) - performance.now();
      if (dueIn > 0 && !(await pause(dueIn, this.stop.signal))) return;
      if (this.ended) return;
      if (chosen && behaviour.cutAfterAudioMs !== undefined && ms >= behaviour.cutAfterAudioMs) return this.cut();
      const upTo = Math.ceil((text.length * Math.min(totalMs, ms + DELTA_MS)) / totalMs);
      if (upTo > letters) this.wire.send({ type: 'response.output_audio_transcript.delta', ...at, delta: text.slice(letters, upTo) });
      letters = upTo;
      const part = audio.subarray(Math.round(ms * bytesPerMs), Math.round((ms + DELTA_MS) * bytesPerMs));
      this.conversation.addAudio(item.id, part.length / bytesPerMs);
      item.content = [{ type: 'output_audio', transcript: text.slice(0, upTo) }];
      this.wire.send({ type: 'response.output_audio.delta', ...at, delta: part.toString('base64') });
    }
  }

  private cut(): void {
    this.abandon();
    this.wire.terminate();
  }

  private call(tool: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> }): void {
    const args = JSON.stringify(tool.arguments);
    const item: Item = { id: makeId('item'), object: 'realtime.item', type: 'function_call', status: 'in_progress', name: tool.name, call_id: makeId('call'), arguments: '' };
    const at = { response_id: this.id, item_id: item.id, output_index: this.output.length, call_id: item.call_id };
    this.open(item);
    this.wire.send({ type: 'response.function_call_arguments.delta', ...at, delta: args });
    item.arguments = args;
    this.wire.send({ type: 'response.function_call_arguments.done', ...at, name: tool.name, arguments: args });
    this.closeItem(item);
  }

  private open(item: Item): void {
    this.current = item;
    this.wire.send({ type: 'response.output_item.added', response_id: this.id, output_index: this.output.length, item: { ...item, content: item.content === undefined ? undefined : [] } });
    if (this.outOfBand) return;
    const inserted = this.conversation.insert(item);
    this.wire.send({ type: 'conversation.item.added', previous_item_id: inserted?.previousId ?? null, item });
  }

  private closeItem(item: Item, status: 'completed' | 'incomplete' = 'completed'): void {
    item.status = status;
    this.wire.send({ type: 'response.output_item.done', response_id: this.id, output_index: this.output.length, item });
    if (!this.outOfBand) this.wire.send({ type: 'conversation.item.done', previous_item_id: null, item });
    this.output.push(item);
    this.current = undefined;
  }

  private end(status: Status, details: object | undefined): void {
    if (this.ended) return;
    this.ended = true;
    this.stop.abort();
    if (this.current !== undefined) this.closeItem(this.current, 'incomplete');
    this.wire.send({ type: 'response.done', response: { ...this.describe(status), status_details: details ?? null, output: this.output } });
    this.wire.send({ type: 'rate_limits.updated', rate_limits: [{ name: 'tokens', limit: 40_000, remaining: 39_000, reset_seconds: 1 }] });
    this.onEnd(this);
  }

  private describe(status: Status): object {
    const { params, modality, format, voice } = this.plan;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      status_details: null,
      output: [],
      conversation_id: this.outOfBand ? null : 'conv_simulated',
      output_modalities: [modality],
      max_output_tokens: 'inf',
      audio: { output: { format, voice } },
      usage: null,
      metadata: params.metadata ?? null,
    };
  }
}
