import type { legOutcomeSchema } from '@troncal/contracts';
import type { z } from 'zod';
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

/** How a stream leg ended; see `LegOutcomeV1`. */
export interface LegOutcome {
  readonly outcome: z.infer<typeof legOutcomeSchema>;
  readonly digit?: string | undefined;
  /** What a person who takes over should know. */
  readonly summary?: string | undefined;
  readonly reason?: string | undefined;
}

/** A leg as it's stored, for whoever asks how it ended. */
export interface StoredLeg {
  /** Undefined while nobody has said. */
  readonly outcome: LegOutcome | undefined;
  readonly claimed: boolean;
  /** No other leg has taken the conversation up since. */
  readonly newest: boolean;
  /** Somebody has spoken in its conversation. */
  readonly began: boolean;
  /** Why its conversation is over; null while it isn't. */
  readonly endReason: string | null;
}

/** A media leg whose socket has come: what to talk about, with whom. */
export interface ClaimedLeg {
  readonly legId: string;
  /** The keys that end it; undefined for a leg that the gateway holds. */
  readonly digits: readonly string[] | undefined;
  readonly resume: boolean;
  /** Left between two turns, with nothing owed, by the process that served it before. */
  readonly rested: boolean;
  /** The conversation whose transcript is the past. */
  readonly pastId: string | undefined;
  /** Number of its last turn at the moment of the claim. */
  readonly turns: number;
  readonly conversation: Conversation;
}
