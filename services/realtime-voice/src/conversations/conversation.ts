import type { G711 } from '../engine/voice-engine.js';

/** A conversation as it is stored. */
export interface Conversation {
  readonly id: string;
  readonly callId: string;
  readonly tenant: string;
  readonly agent: { readonly tenant: string; readonly code: string; readonly version: number };
  readonly language: string;
  readonly format: G711;
  readonly caller: string;
  readonly called: string;
  readonly state: 'prepared' | 'active' | 'ended';
  readonly engine: string;
  readonly simulated: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
}

/** A turn as it is stored. */
export interface StoredTurn {
  readonly number: number;
  readonly role: 'caller' | 'agent';
  readonly text: string;
  readonly heard: string | null;
  readonly interrupted: boolean;
  readonly tookMs: number;
  readonly latencyMs: number | null;
  readonly at: Date;
}

export interface StoredToolRun {
  readonly toolRunId: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: string | null;
  readonly detail: string | null;
  readonly tookMs: number | null;
  readonly at: Date;
}

/** A media leg whose socket has come: what to talk about, with whom. */
export interface ClaimedLeg {
  readonly legId: string;
  readonly resume: boolean;
  /** Left between two turns, with nothing owed, by the process that served it before. */
  readonly rested: boolean;
  /** The conversation whose transcript is the past. */
  readonly pastId: string | undefined;
  /** Number of its last turn at the moment of the claim. */
  readonly turns: number;
  readonly conversation: Conversation;
}
