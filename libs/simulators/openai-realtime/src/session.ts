import { invalid, readClientEvent, type ApiError, type ClientEvent, type ResponseParams } from './client-events.js';
import { decide, LABEL, languageOf, transcriptOf } from './brain.js';
import { Conversation, itemOf, linesOf, type Item } from './conversation.js';
import { behaviourInInstructions, nameInInstructions, type Behaviour, type FaultBoard } from './faults.js';
import { InputAudio, type Heard, type Speech } from './input-audio.js';
import { ResponseRun, type ResponsePlan } from './response.js';
import { applyUpdate, defaultSession, type SessionConfig } from './session-config.js';
import type { SimulatedVoice } from './voice.js';
import { makeId, type Wire } from './wire.js';

const SESSION_MS = 60 * 60_000;
const EXPIRED = 'Your session hit the maximum duration of 60 minutes.';
/** An event of 20 MiB. Made once: what else runs in a test's process must not be held up by it. */
let oversizeEvent: Buffer | undefined;
const oversize = (): Buffer => (oversizeEvent ??= Buffer.concat([Buffer.from('{"type":"simulator.oversize","padding":"'), Buffer.alloc(20 * 1024 * 1024, 'x'), Buffer.from('"}')]));

/**
 * One Realtime session: reads client events, keeps the conversation, speaks. It follows the GA protocol as the public client library's
 * types and the recorded errors of other projects describe it; what it says is scripted.
 */
export class RealtimeSession {
  private config: SessionConfig;
  private input: InputAudio;
  private readonly conversation = new Conversation();
  private readonly beside = new Set<ResponseRun>();
  private active: ResponseRun | undefined;
  private turn = 0;
  private speechItem = makeId('item');
  private readonly beganAt = performance.now();
  private expiry: NodeJS.Timeout;
  private name: string | undefined;
  private toldByName: Behaviour = {};
  private behaviour: Behaviour;

  /** @param told what all sessions are told @param board where a session that has got a name finds what it is told by it */
  constructor(
    model: string,
    private readonly wire: Wire,
    private readonly voice: SimulatedVoice,
    private told: Behaviour,
    private readonly board: FaultBoard,
  ) {
    this.behaviour = told;
    const lengthMs = told.sessionMs ?? SESSION_MS;
    this.config = defaultSession(makeId('sess'), model, Math.floor((Date.now() + lengthMs) / 1_000));
    this.input = new InputAudio(this.config.audio.input.format, this.config.audio.input.turn_detection);
    this.expiry = setTimeout(() => this.expire(), lengthMs);
    if (told.hang !== true) wire.send({ type: 'session.created', session: this.config });
  }

  /** Behaves so from now on, unless it is meant for sessions of another name; what was marked in the instructions stays in force. */
  behave(behaviour: Behaviour): void {
    if (behaviour.as === undefined) this.told = behaviour;
    else if (behaviour.as === this.name) this.toldByName = behaviour;
    this.obey(this.config.instructions);
  }

  /** Behaves as if nothing had been told to it or to its name. */
  reset(): void {
    this.toldByName = {};
    this.behave({});
  }

  /** Takes one text message. Nothing a client sends can throw. */
  receive(text: string): void {
    if (this.behaviour.hang === true) return;
    const read = readClientEvent(text);
    if ('error' in read) return this.refuse(read.error);
    const refusal = this.handle(read.event);
    if (refusal !== undefined) this.refuse({ ...refusal, event_id: read.event.event_id ?? null });
  }

  /** The socket is gone. */
  dispose(): void {
    clearTimeout(this.expiry);
    this.active?.abandon();
    for (const run of this.beside) run.abandon();
  }

  private obey(instructions: string): void {
    const marked = behaviourInInstructions(instructions);
    const before = this.behaviour.sessionMs;
    this.behaviour = { ...this.told, ...this.toldByName, ...marked };
    const { sessionMs } = this.behaviour;
    if (sessionMs === undefined || sessionMs === before) return;
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.expire(), Math.max(0, this.beganAt + sessionMs - performance.now()));
  }

  private expire(): void {
    if (this.behaviour.expiry === 'error') this.refuse(invalid('session_expired', EXPIRED, null));
    this.wire.close(1001, EXPIRED);
  }

  private refuse(error: ApiError): void {
    this.wire.send({ type: 'error', error });
  }

  private handle(event: ClientEvent): ApiError | undefined {
    switch (event.type) {
      case 'session.update':
        return this.update(event.session);
      case 'input_audio_buffer.append':
        return this.append(event.audio);
      case 'input_audio_buffer.commit':
        return this.commit();
      case 'input_audio_buffer.clear':
        this.input.clear();
        this.wire.send({ type: 'input_audio_buffer.cleared' });
        return undefined;
      case 'conversation.item.create':
        return this.create(event);
      case 'conversation.item.retrieve':
        return this.withItem(event.item_id, (item) => this.wire.send({ type: 'conversation.item.retrieved', item }));
      case 'conversation.item.delete':
        return this.withItem(event.item_id, (item) => {
          this.conversation.delete(item.id);
          this.wire.send({ type: 'conversation.item.deleted', item_id: item.id });
        });
      case 'conversation.item.truncate':
        return this.truncate(event.item_id, event.content_index, event.audio_end_ms);
      case 'response.create':
        return this.respond(event.response ?? {});
      case 'response.cancel':
        return this.cancel(event.response_id);
    }
  }

  private update(update: Extract<ClientEvent, { type: 'session.update' }>['session']): ApiError | undefined {
    const voice = update.audio?.output?.voice;
    if (voice !== undefined && voice !== this.config.audio.output.voice && this.conversation.hasAgentAudio) {
      return invalid('cannot_update_voice', "Cannot update a conversation's voice if assistant audio is present.", 'session.audio.output.voice');
    }
    try {
      const instructions = update.instructions ?? this.config.instructions;
      const name = nameInInstructions(instructions);
      if (name !== undefined && name !== this.name) [this.name, this.toldByName] = [name, this.board.take(name)];
      this.obey(instructions);
    } catch (error) {
      return invalid('invalid_value', `Bad simulator marker in the instructions: ${(error as Error).message}`, 'session.instructions');
    }
    const before = this.config.audio.input;
    this.config = applyUpdate(this.config, update);
    if (this.behaviour.wrong === 'format-echo') this.config = { ...this.config, audio: { ...this.config.audio, output: { ...this.config.audio.output, format: { type: 'audio/pcm', rate: 24_000 } } } };
    const { format, turn_detection: detection } = this.config.audio.input;
    if (format.type !== before.format.type || detection !== before.turn_detection) this.input = new InputAudio(format, detection, this.input.totalMs);
    if (this.behaviour.wrong !== undefined) this.misbehave();
    this.wire.send({ type: 'session.updated', session: this.config });
    return undefined;
  }

  private misbehave(): void {
    if (this.behaviour.wrong === 'garbage-json') this.wire.sendRaw('{"type":"response.created","respo');
    if (this.behaviour.wrong === 'binary') this.wire.sendRaw(Buffer.from([0, 1, 2, 3]));
    if (this.behaviour.wrong === 'oversize') this.wire.sendRaw(oversize(), 'text');
    if (this.behaviour.wrong === 'unknown-events') {
      this.wire.send({ type: 'simulator.of_the_future', anything: { nested: [1, 2, 3] } });
      this.wire.sendRaw('[]');
      this.wire.sendRaw('"text"');
      this.wire.sendRaw('{"no_type":true}');
    }
  }

  private append(audio: string): ApiError | undefined {
    const bytes = Buffer.from(audio, 'base64');
    if (bytes.length === 0 && audio !== '') return invalid('invalid_value', "Invalid 'audio'. Expected base64-encoded audio bytes.", 'audio');
    for (const heard of this.input.append(bytes)) this.notice(heard);
    return undefined;
  }

  private notice(heard: Heard): void {
    const detection = this.config.audio.input.turn_detection;
    if (heard.kind === 'speech-started') {
      this.speechItem = makeId('item');
      this.wire.send({ type: 'input_audio_buffer.speech_started', audio_start_ms: heard.atMs, item_id: this.speechItem });
      if (detection?.interrupt_response === true) this.active?.cancel('turn_detected');
      return;
    }
    this.wire.send({ type: 'input_audio_buffer.speech_stopped', audio_end_ms: heard.atMs, item_id: this.speechItem });
    this.input.clear();
    this.committed(heard.speech);
    if (detection?.create_response === true && this.active === undefined) this.respond({});
  }

  private commit(): ApiError | undefined {
    if (this.input.pendingMs < 100) {
      return invalid('input_audio_buffer_commit_empty', `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${this.input.pendingMs.toFixed(2)}ms of audio.`, null);
    }
    this.speechItem = makeId('item');
    this.committed(this.input.take());
    return undefined;
  }

  private committed(speech: Speech): void {
    this.turn += 1;
    const transcript = transcriptOf(speech);
    const item: Item = { id: this.speechItem, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content: [{ type: 'input_audio', transcript: null }] };
    const inserted = this.conversation.insert(item);
    this.wire.send({ type: 'input_audio_buffer.committed', previous_item_id: inserted?.previousId ?? null, item_id: item.id });
    this.announce(item, inserted?.previousId ?? null);
    item.content = [{ type: 'input_audio', transcript }];
    if (this.config.audio.input.transcription === null) return;
    // The real transcript comes from another model some time later, often after the answer has begun.
    setTimeout(() => {
      this.wire.send({ type: 'conversation.item.input_audio_transcription.delta', item_id: item.id, content_index: 0, delta: transcript });
      this.wire.send({ type: 'conversation.item.input_audio_transcription.completed', item_id: item.id, content_index: 0, transcript, usage: { type: 'duration', seconds: speech.ms / 1_000 } });
    }, 50);
  }

  private announce(item: Item, previousId: string | null): void {
    this.wire.send({ type: 'conversation.item.added', previous_item_id: previousId, item });
    this.wire.send({ type: 'conversation.item.done', previous_item_id: previousId, item });
  }

  private create(event: Extract<ClientEvent, { type: 'conversation.item.create' }>): ApiError | undefined {
    const { item: input, previous_item_id: previous } = event;
    if (input.id !== undefined && this.conversation.get(input.id)) return invalid('item_create_duplicate_item_id', `Error adding item: an item with id '${input.id}' already exists.`, 'item.id');
    if (input.type === 'function_call_output' && !this.conversation.hasCall(input.call_id)) return invalid('invalid_tool_call_id', `Tool call ID '${input.call_id}' not found in conversation.`, 'item.call_id');
    const item = itemOf(input, makeId('item'));
    const inserted = this.conversation.insert(item, previous);
    if (inserted === undefined) return invalid('item_create_invalid_item_id', `Error creating item: the previous item with id '${previous}' does not exist.`, 'previous_item_id');
    if (item.role === 'user') this.turn += 1;
    this.announce(item, inserted.previousId);
    return undefined;
  }

  private withItem(id: string, act: (item: Item) => void): ApiError | undefined {
    const item = this.conversation.get(id);
    if (item === undefined) return invalid('item_not_found', `Error: the item with id '${id}' does not exist.`, 'item_id');
    act(item);
    return undefined;
  }

  private truncate(id: string, index: number, endMs: number): ApiError | undefined {
    const item = this.conversation.get(id);
    if (item === undefined) return invalid('item_truncate_invalid_item_id', `Error truncating item: the item with id '${id}' does not exist.`, 'item_id');
    const audioMs = this.conversation.audioOf(id);
    if (item.role !== 'assistant' || audioMs === undefined) return invalid('unsupported_content_type', 'Only model output audio messages can be truncated', 'item_id');
    if (endMs > audioMs) return invalid('invalid_value', `Audio content of ${Math.floor(audioMs)}ms is already shorter than ${endMs}ms`, 'audio_end_ms');
    this.conversation.truncate(id, endMs);
    this.wire.send({ type: 'conversation.item.truncated', item_id: id, content_index: index, audio_end_ms: endMs });
    return undefined;
  }

  private respond(params: ResponseParams): ApiError | undefined {
    if (params.conversation !== 'none' && this.active !== undefined) {
      return invalid('conversation_already_has_active_response', `Conversation already has an active response in progress: ${this.active.id}. Wait until the response is finished before creating a new one.`, null);
    }
    const run = new ResponseRun(this.plan(params), this.wire, this.conversation, this.voice, (ended) => {
      this.beside.delete(ended);
      if (this.active === ended) this.active = undefined;
    });
    if (run.outOfBand) this.beside.add(run);
    else this.active = run;
    run.run().catch((error: unknown) => {
      this.refuse({ type: 'server_error', code: 'simulator_fault', message: `${LABEL}: ${String(error)}`, param: null });
      run.cancel('client_cancelled');
    });
    return undefined;
  }

  private plan(params: ResponseParams): ResponsePlan {
    const tools = (params.conversation === 'none' ? [] : this.config.tools).map((tool) => tool.name);
    const lines = params.input === undefined ? this.conversation.lines() : params.input.flatMap((input) => (input.type === 'item_reference' ? linesOf(this.conversation.get(input.id) ?? {}) : linesOf(itemOf(input, ''))));
    const language = languageOf(params.instructions ?? this.config.instructions);
    const scripted = params.conversation === 'none' || lines.at(-1)?.startsWith('tool: ') ? undefined : this.behaviour.toolCalls?.find((call) => call.onTurn === this.turn);
    const decided = decide({ lines, instructions: this.config.instructions, override: params.instructions, turn: this.turn, language, tools, say: this.behaviour.say });
    return {
      decision: scripted === undefined ? decided : { say: decided.say, tool: { name: scripted.name, arguments: scripted.arguments } },
      params,
      modality: params.output_modalities?.[0] ?? this.config.output_modalities[0] ?? 'audio',
      format: params.audio?.output?.format ?? this.config.audio.output.format,
      voice: params.audio?.output?.voice ?? this.config.audio.output.voice,
      language,
      behaviour: this.behaviour,
      turn: this.turn,
    };
  }

  private cancel(id: string | undefined): ApiError | undefined {
    const run = id === undefined ? this.active : [this.active, ...this.beside].find((known) => known?.id === id);
    if (run === undefined) return invalid('response_cancel_not_active', 'Cancellation failed: no active response found', null);
    run.cancel('client_cancelled');
    return undefined;
  }
}
