import type { AgentProfile } from '../agents/agent-profile.js';

/** G.711 law of a call. */
export type G711 = 'ulaw' | 'alaw';

/** One thing said earlier, as a new engine is told it. */
export interface SpokenTurn {
  readonly role: 'caller' | 'agent';
  /** For the agent: what the caller heard of it. */
  readonly text: string;
}

/** A tool run as an engine is told it that did not ask for it. */
export interface ToolRetold {
  readonly call: string;
  readonly name: string;
  readonly argumentsJson: string;
  readonly output: string;
}

/** What an engine needs to know of a call. */
export interface EngineContext {
  readonly callId: string;
  readonly profile: AgentProfile;
  readonly format: G711;
  readonly language: string;
  /** The conversation so far: after a crash or a lost connection. */
  readonly history: readonly SpokenTurn[];
}

/** What an engine says. `item` names one utterance of the agent; ids are the engine's own. */
export type EngineEvent =
  | { readonly type: 'ready' }
  /** `agoMs` is how long ago that was in the caller's audio. */
  | { readonly type: 'caller-started'; readonly agoMs: number }
  | { readonly type: 'caller-stopped'; readonly item: string; readonly agoMs: number }
  | { readonly type: 'caller-text'; readonly item: string; readonly text: string }
  | { readonly type: 'response-started'; readonly response: string }
  /** G.711 of the call's own law; any length. */
  | { readonly type: 'agent-audio'; readonly response: string; readonly item: string; readonly audio: Uint8Array }
  | { readonly type: 'agent-text'; readonly response: string; readonly item: string; readonly text: string }
  | { readonly type: 'agent-item-done'; readonly response: string; readonly item: string; readonly text: string }
  | { readonly type: 'tool-call'; readonly response: string; readonly call: string; readonly name: string; readonly argumentsJson: string }
  | { readonly type: 'response-done'; readonly response: string; readonly status: 'completed' | 'cancelled' | 'failed' }
  /** Once, and nothing after it: the engine can't go on. `hopeless`: another connection would be refused for the same reason. */
  | { readonly type: 'lost'; readonly reason: string; readonly hopeless?: boolean };

/**
 * A speaking partner behind one seam; the dialogue knows no provider. Methods never throw and never block: what can't be done is told by
 * `lost`. Audio is G.711 of the call's law, both ways.
 */
export interface VoiceEngine {
  readonly kind: 'openai-realtime' | 'scripted';
  /** True when the other side is a simulator. */
  readonly simulated: boolean;
  /** Sets the one listener; events that came before are delivered to it at once. */
  listen(listener: (event: EngineEvent) => void): void;
  /** The caller's audio as it came. */
  hear(audio: Uint8Array): void;
  /** Something said that this engine neither heard nor made: a cached greeting, a turn of the session before it. Under the `id` it can be forgotten again. */
  note(turn: SpokenTurn, id?: string): void;
  /** Asks for an utterance; `instructions` apply to it alone. While one is being made, the next waits for its end. */
  respond(instructions?: string): void;
  /** The caller heard only this much of the item. */
  truncate(item: string, heardMs: number): void;
  /** The caller heard nothing of the item. */
  forget(item: string): void;
  /** Stops the response in progress, if there is one. */
  cancel(): void;
  /** The result of a tool; `speak` asks for an utterance after it. */
  toolResult(call: string, output: string, speak: boolean): void;
  /** A tool that the session before this one asked for, with its result; `speak` as above. */
  retellTool(run: ToolRetold, speak: boolean): void;
  /** A short summary for a person; rejects when the engine can't give one within `deadlineMs`. */
  summarise(deadlineMs: number): Promise<string>;
  /** A key the caller pressed. The model never sees it. */
  digit(digit: string): void;
  close(): void;
}

/** When a session gives way to the next one, ms of its age. OpenAI ends one at 60 minutes, whoever is speaking. */
export interface SessionLimits {
  /** From here on the next session is made ready, and takes over at a turn boundary. */
  readonly softMs: number;
  /** Here it takes over, whatever is going on. */
  readonly hardMs: number;
}

/** Makes engines; the dialogue asks again when one is lost, or grows old. */
export interface EngineFactory {
  /** How old a session of the first choice may become. */
  readonly limits: SessionLimits;
  /** The engine of choice. */
  primary(context: EngineContext): VoiceEngine;
  /** What serves the caller when the first can't. `apologise` when the caller has noticed. */
  fallback(context: EngineContext, apologise: boolean): VoiceEngine;
}

/** Injection token of the factory. */
export const ENGINE_FACTORY = Symbol('EngineFactory');
