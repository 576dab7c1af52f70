import { newId } from '@troncal/kernel';
import type { Logger } from '@troncal/observability';
import { EventPort } from '../event-port.js';
import type { EngineContext, EngineEvent, SpokenTurn, ToolRetold, VoiceEngine } from '../voice-engine.js';
import { AgentAudio, looksLikePcm16, type ProviderFormat } from './agent-audio.js';
import { CallerAudio } from './caller-audio.js';
import { RealtimeSocket, type ProviderAddress, type ServerEvent } from './realtime-socket.js';
import { formatOf, providerInterrupts, sessionOf } from './session-settings.js';
import { SideResponses } from './side-responses.js';

/** Kept of the past when a new connection is told of it: enough for any phone call, far below the model's context. */
const MAX_HISTORY_TURNS = 60;

/** Errors that say only that we were late or early; the session is sound. */
const HARMLESS = new Set(['response_cancel_not_active', 'conversation_already_has_active_response', 'item_truncate_invalid_item_id', 'unsupported_content_type', 'item_not_found']);
/** Errors after which no session works any more. */
const HOPELESS = new Set(['beta_api_shape_disabled', 'invalid_api_key', 'insufficient_quota', 'invalid_model']);
/** Errors after which this session doesn't. */
const FATAL = new Set(['session_expired', ...HOPELESS]);

/**
 * The OpenAI Realtime GA protocol, G.711 untouched both ways. What the provider answers about formats is checked, and so are the bytes; when
 * it sends PCM after all it's resampled. Events follow the provider's order; interruption is the provider's own (interrupt_response) unless the
 * profile has us judge it.
 */
export class OpenAiEngine implements VoiceEngine {
  readonly kind = 'openai-realtime';
  private readonly port = new EventPort();
  private readonly socket: RealtimeSocket;
  private readonly caller: CallerAudio;
  private readonly side: SideResponses;
  private ready = false;
  private active: string | undefined;
  private wishes: (string | undefined)[] = [];
  private outFormat: ProviderFormat = 'g711';
  private formatSure = false;
  private probe: Uint8Array[] = [];
  private converter: { readonly item: string; readonly audio: AgentAudio } | undefined;
  private updates = 0;
  private backlog: string[] = [];
  private closed = false;

  constructor(
    private readonly context: EngineContext,
    address: ProviderAddress,
    readonly simulated: boolean,
    private readonly logger: Logger,
  ) {
    this.caller = new CallerAudio(context.format, (text) => this.socket.send(text));
    this.side = new SideResponses((event) => this.send(event));
    this.socket = new RealtimeSocket(address, {
      open: () => this.update(),
      event: (event) => this.receive(event),
      closed: (reason, hopeless) => {
        this.closed = true;
        this.side.dispose(reason);
        this.port.emit({ type: 'lost', reason, hopeless });
      },
    });
  }

  listen(listener: (event: EngineEvent) => void): void {
    this.port.listen(listener);
  }

  hear(audio: Uint8Array): void {
    this.caller.push(audio);
  }

  note(turn: SpokenTurn, id?: string): void {
    this.send({ type: 'conversation.item.create', item: { ...itemOf(turn), ...(id === undefined ? {} : { id }) } });
  }

  respond(instructions?: string): void {
    if (!this.ready || this.active !== undefined) {
      this.wishes.push(instructions);
      return;
    }
    // Taken as active at once: the provider's response.created is a round trip away, and a second request before it would be refused.
    this.active = 'requested';
    this.send({ type: 'response.create', ...(instructions === undefined ? {} : { response: { instructions: `${this.context.profile.instructions}\n\n${instructions}` } }) });
  }

  truncate(item: string, heardMs: number): void {
    this.send({ type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: Math.floor(heardMs) });
  }

  forget(item: string): void {
    // Truncating to 0 is refused before any audio exists (livekit/agents#6157); what nobody heard is deleted instead.
    this.send({ type: 'conversation.item.delete', item_id: item });
  }

  cancel(): void {
    // With interrupt_response the provider has cancelled already, before it told us of the caller's voice.
    if (this.active !== undefined && !providerInterrupts(this.context.profile)) this.send({ type: 'response.cancel' });
  }

  toolResult(call: string, output: string, speak: boolean): void {
    this.send({ type: 'conversation.item.create', item: { type: 'function_call_output', call_id: call, output } });
    if (speak) this.respond();
  }

  retellTool({ call, name, argumentsJson, output }: ToolRetold, speak: boolean): void {
    // The service takes a result only for a call that its conversation knows.
    this.send({ type: 'conversation.item.create', item: { type: 'function_call', call_id: call, name, arguments: argumentsJson } });
    this.toolResult(call, output, speak);
  }

  summarise(deadlineMs: number): Promise<string> {
    if (!this.ready || this.closed) return Promise.reject(new Error('the provider is not connected'));
    return this.side.ask('Summarise the conversation so far for the person who takes over the call: who the caller is, what they want, what was done. Two or three sentences, facts only.', deadlineMs);
  }

  digit(): void {
    // Keys are the gateway's business; the model must not see them.
  }

  close(): void {
    this.closed = true;
    this.side.dispose('the conversation is over');
    this.socket.close();
  }

  private update(): void {
    this.updates += 1;
    // Not through `send`, which holds back until the session is ready: this is what makes it ready.
    this.socket.send(JSON.stringify({ type: 'session.update', session: sessionOf(this.context) }));
  }

  private send(event: Record<string, unknown>): void {
    const text = JSON.stringify({ event_id: `t_${newId()}`, ...event });
    if (this.ready) this.socket.send(text);
    else this.backlog.push(text);
  }

  private receive(event: ServerEvent): void {
    if (this.side.receive(event)) return;
    switch (event.type) {
      case 'session.updated':
        return this.updated(event['session']);
      case 'input_audio_buffer.speech_started':
        return this.port.emit({ type: 'caller-started', agoMs: this.caller.agoMs(numberOf(event['audio_start_ms'])) });
      case 'input_audio_buffer.speech_stopped':
        return this.port.emit({ type: 'caller-stopped', item: textOf(event['item_id']), agoMs: this.caller.agoMs(numberOf(event['audio_end_ms'])) });
      case 'conversation.item.input_audio_transcription.completed':
        return this.port.emit({ type: 'caller-text', item: textOf(event['item_id']), text: textOf(event['transcript']).trim() });
      case 'conversation.item.input_audio_transcription.failed':
        return this.port.emit({ type: 'caller-text', item: textOf(event['item_id']), text: '' });
      case 'response.created':
        this.active = idOf(event['response']);
        return this.port.emit({ type: 'response-started', response: this.active });
      case 'response.output_audio.delta':
        return this.agentAudio(textOf(event['response_id']), textOf(event['item_id']), textOf(event['delta']));
      case 'response.output_audio_transcript.delta':
        return this.port.emit({ type: 'agent-text', response: textOf(event['response_id']), item: textOf(event['item_id']), text: textOf(event['delta']) });
      case 'response.output_audio_transcript.done':
        return this.itemDone(textOf(event['response_id']), textOf(event['item_id']), textOf(event['transcript']));
      case 'response.function_call_arguments.done':
        return this.port.emit({ type: 'tool-call', response: textOf(event['response_id']), call: textOf(event['call_id']), name: textOf(event['name']), argumentsJson: textOf(event['arguments']) });
      case 'response.done':
        return this.responseDone(event['response']);
      case 'error':
        return this.error(event['error']);
      default:
        // Events of the future are no fault.
        return;
    }
  }

  private updated(session: unknown): void {
    const wanted = formatOf(this.context.format).type;
    const input = typeAt(session, 'input');
    const output = typeAt(session, 'output');
    if ((input !== wanted || output !== wanted) && this.updates === 1) return this.update();
    this.outFormat = output === wanted ? 'g711' : 'pcm24k';
    // A PCM echo needs no probing, and an input taken for PCM gets PCM: both sides then mean the same.
    this.formatSure = this.outFormat === 'pcm24k';
    this.caller.setProviderFormat(input === wanted ? 'g711' : 'pcm24k');
    if (this.outFormat === 'pcm24k') this.logger.warn({ callId: this.context.callId, asked: wanted, input, output }, 'the voice provider does not speak the G.711 it was asked for; its audio is resampled');
    if (this.ready) return;
    this.ready = true;
    for (const turn of this.context.history.slice(-MAX_HISTORY_TURNS)) this.send({ type: 'conversation.item.create', item: itemOf(turn) });
    for (const text of this.backlog.splice(0)) this.socket.send(text);
    this.caller.open();
    this.port.emit({ type: 'ready' });
    this.nextWish();
  }

  private agentAudio(response: string, item: string, delta: string): void {
    const bytes = Buffer.from(delta, 'base64');
    if (this.formatSure) return this.deliver(response, item, bytes);
    this.probe.push(bytes);
    const pcm = looksLikePcm16(Buffer.concat(this.probe));
    if (pcm === true) {
      this.outFormat = 'pcm24k';
      this.logger.warn({ callId: this.context.callId }, 'the voice provider promised G.711 and sends 24 kHz PCM; its audio is resampled');
    }
    // Undecided means too little or silence: hold a little rather than play a roar. 2,400 bytes are 300 ms of G.711, and come in one delta or two.
    if (pcm === undefined && this.probe.reduce((sum, part) => sum + part.length, 0) < 2_400) return;
    if (pcm !== undefined) this.formatSure = true;
    for (const held of this.probe.splice(0)) this.deliver(response, item, held);
  }

  private deliver(response: string, item: string, bytes: Uint8Array): void {
    if (this.converter?.item !== item) this.converter = { item, audio: new AgentAudio(this.outFormat, this.context.format) };
    const audio = this.converter.audio.convert(bytes);
    if (audio.length > 0) this.port.emit({ type: 'agent-audio', response, item, audio });
  }

  private itemDone(response: string, item: string, text: string): void {
    for (const held of this.probe.splice(0)) this.deliver(response, item, held);
    this.port.emit({ type: 'agent-item-done', response, item, text });
  }

  private responseDone(response: unknown): void {
    this.active = undefined;
    this.probe = [];
    const status = textOf(fieldOf(response, 'status'));
    if (status === 'failed') this.logger.warn({ callId: this.context.callId, details: JSON.stringify(fieldOf(response, 'status_details')).slice(0, 300) }, 'the voice provider failed to answer');
    this.port.emit({ type: 'response-done', response: idOf(response), status: status === 'cancelled' || status === 'failed' ? status : 'completed' });
    this.nextWish();
  }

  private nextWish(): void {
    if (this.wishes.length === 0 || this.active !== undefined) return;
    // Several wishes while one answer was being made are one wish: the last instructions count.
    const wishes = this.wishes.splice(0);
    this.respond(wishes.findLast((wish) => wish !== undefined));
  }

  private error(error: unknown): void {
    const code = textOf(fieldOf(error, 'code'));
    if (this.active === 'requested' && code !== 'conversation_already_has_active_response') this.active = undefined;
    if (HARMLESS.has(code)) return;
    this.logger.warn({ callId: this.context.callId, code, detail: textOf(fieldOf(error, 'message')).slice(0, 200) }, 'the voice provider reports an error');
    if (!FATAL.has(code) && this.ready) return;
    this.closed = true;
    this.socket.close();
    this.side.dispose('the session is over');
    this.port.emit({ type: 'lost', reason: `the provider said ${code === '' ? 'an error' : code}`, hopeless: HOPELESS.has(code) });
  }
}

/** A turn of the past as an item; the caller's as text, because the audio is gone. */
function itemOf(turn: SpokenTurn): Record<string, unknown> {
  return turn.role === 'agent'
    ? { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: turn.text }] }
    : { type: 'message', role: 'user', content: [{ type: 'input_text', text: turn.text }] };
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[field] : undefined;
}
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const idOf = (response: unknown): string => textOf(fieldOf(response, 'id'));
const typeAt = (session: unknown, side: 'input' | 'output'): string => textOf(fieldOf(fieldOf(fieldOf(fieldOf(session, 'audio'), side), 'format'), 'type'));
