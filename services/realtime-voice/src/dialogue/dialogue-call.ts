import type { Logger } from '@troncal/observability';
import type { AgentProfile } from '../agents/agent-profile.js';
import type { EngineFactory, G711, SessionLimits, SpokenTurn, VoiceEngine } from '../engine/voice-engine.js';
import type { AnyTool } from '../tools/tool.js';
import type { DialogueJournal } from './journal.js';
import type { PlayoutSink } from './playout.js';

/** A first sentence that needs no engine. */
export interface Greeting {
  readonly text: string;
  /** G.711 of the call's law; undefined when it has to be made by the engine. */
  readonly audio: Uint8Array | undefined;
}

/** The call that a dialogue is about. */
export interface DialogueCall {
  readonly callId: string;
  readonly conversationId: string;
  readonly legId: string;
  readonly profile: AgentProfile;
  readonly format: G711;
  readonly language: string;
  readonly greeting: Greeting;
  /** Taken up from another process or leg: no greeting, the past is told to the engine. */
  readonly resumed: boolean;
  /** Taken up where it was left between two turns: nothing has to be said. */
  readonly rested: boolean;
  readonly history: readonly SpokenTurn[];
  /** Number of the last turn of the past. */
  readonly turnsBefore: number;
}

/** What a dialogue works with. */
export interface DialogueParts {
  readonly sink: PlayoutSink;
  readonly engines: EngineFactory;
  readonly journal: DialogueJournal;
  readonly tools: readonly AnyTool[];
  /** When a provider's session gives way to the next. */
  readonly limits: SessionLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly logger: Logger;
  /** An engine that has been connecting since the attach. */
  readonly prewarmed?: VoiceEngine | undefined;
  /** No provider can be had any more, and fixed sentences have begun. */
  readonly gaveUp?: ((reason: string) => void) | undefined;
  /** A greeting that the engine has spoken whole, to be kept. */
  readonly keepGreeting?: (text: string, audio: Uint8Array) => void;
}
