import { callTrace, type Span, type SpanMaker } from '@troncal/observability';
import { EventPort } from '../engine/event-port.js';
import type { EngineContext, EngineEvent, SpokenTurn, ToolRetold, VoiceEngine } from '../engine/voice-engine.js';
import type { VoiceMeters } from './voice-meters.js';

/** Where the spans of a provider's session go, and what it is called there. */
export interface SessionTelemetry {
  readonly meters: VoiceMeters;
  readonly spans: SpanMaker | undefined;
  readonly model: string;
}

/**
 * An engine that is watched: how long it took to connect, each of its responses, and how long the caller waits for them. Everything that it
 * says goes on at once, and everything that it is told.
 */
export class SensedEngine implements VoiceEngine {
  private readonly port = new EventPort();
  private readonly since = performance.now();
  private readonly session: Span | undefined;
  private readonly responses = new Map<string, Span | undefined>();
  private readonly spoken = new Set<string>();
  private ready = false;
  private over = false;
  private stoppedAt: number | undefined;

  constructor(
    private readonly engine: VoiceEngine,
    private readonly context: EngineContext,
    private readonly telemetry: SessionTelemetry,
  ) {
    const provider = engine.kind === 'scripted' ? 'troncal' : 'openai';
    this.session = telemetry.spans?.open(`session ${engine.kind}`, {
      kind: 'client',
      parent: callTrace(context.callId),
      attributes: { 'troncal.call.id': context.callId, 'troncal.voice.engine': engine.kind, 'troncal.voice.simulated': engine.simulated, 'gen_ai.provider.name': provider, ...(provider === 'openai' && { 'gen_ai.request.model': telemetry.model }) },
    });
    engine.listen((event) => {
      this.notice(event);
      this.port.emit(event);
    });
  }

  get kind(): VoiceEngine['kind'] {
    return this.engine.kind;
  }

  get simulated(): boolean {
    return this.engine.simulated;
  }

  listen(listener: (event: EngineEvent) => void): void {
    this.port.listen(listener);
  }

  hear(audio: Uint8Array): void {
    this.engine.hear(audio);
  }

  note(turn: SpokenTurn, id?: string): void {
    this.engine.note(turn, id);
  }

  respond(instructions?: string): void {
    this.engine.respond(instructions);
  }

  truncate(item: string, heardMs: number): void {
    this.engine.truncate(item, heardMs);
  }

  forget(item: string): void {
    this.engine.forget(item);
  }

  cancel(): void {
    this.engine.cancel();
  }

  toolResult(call: string, output: string, speak: boolean): void {
    this.engine.toolResult(call, output, speak);
  }

  retellTool(run: ToolRetold, speak: boolean): void {
    this.engine.retellTool(run, speak);
  }

  summarise(deadlineMs: number): Promise<string> {
    return this.engine.summarise(deadlineMs);
  }

  digit(digit: string): void {
    this.engine.digit(digit);
  }

  close(): void {
    this.engine.close();
    this.finish();
  }

  private notice(event: EngineEvent): void {
    switch (event.type) {
      case 'ready':
        return this.connected('ready');
      case 'caller-stopped':
        this.stoppedAt = performance.now() - event.agoMs;
        return;
      case 'response-started':
        return this.begin(event.response);
      case 'agent-audio':
        return this.speak(event.response);
      case 'response-done':
        return this.done(event.response, event.status);
      case 'lost':
        if (!this.ready) this.connected('lost');
        this.session?.fail(new Error(event.reason));
        return this.finish();
      case 'caller-started':
      case 'caller-text':
      case 'agent-text':
      case 'agent-item-done':
      case 'tool-call':
    }
  }

  private connected(outcome: 'ready' | 'lost'): void {
    if (this.ready || this.engine.kind === 'scripted') return;
    this.ready = outcome === 'ready';
    this.telemetry.meters.connect.observe({ outcome }, (performance.now() - this.since) / 1_000);
    this.session?.event(outcome === 'ready' ? 'connected' : 'not connected');
  }

  private begin(response: string): void {
    this.waited('response');
    this.responses.set(response, this.telemetry.spans?.open(`chat ${this.telemetry.model}`, {
      kind: 'client', ...(this.session && { parent: this.session.trace }),
      attributes: { 'troncal.call.id': this.context.callId, 'gen_ai.operation.name': 'chat', 'gen_ai.output.type': 'speech', 'gen_ai.provider.name': this.engine.kind === 'scripted' ? 'troncal' : 'openai', 'gen_ai.request.model': this.telemetry.model },
    }));
  }

  private speak(response: string): void {
    if (this.spoken.has(response)) return;
    this.spoken.add(response);
    this.waited('audio');
    this.stoppedAt = undefined;
    this.responses.get(response)?.event('first audio');
  }

  private done(response: string, status: 'completed' | 'cancelled' | 'failed'): void {
    const span = this.responses.get(response);
    this.responses.delete(response);
    this.spoken.delete(response);
    span?.set({ 'gen_ai.response.finish_reasons': [status] });
    if (status === 'failed') span?.fail(new Error('the response failed'));
    span?.end();
  }

  private waited(stage: 'response' | 'audio'): void {
    if (this.stoppedAt !== undefined) this.telemetry.meters.turnLatency.observe({ stage }, Math.max(0, performance.now() - this.stoppedAt) / 1_000);
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    for (const span of this.responses.values()) span?.end();
    this.responses.clear();
    this.session?.end();
  }
}
