import type { EngineChange } from './engine-seat.js';
import type { Turn } from './transcript.js';

export type EndReason = 'detached' | 'handoff' | 'agent_hangup' | 'call_ended' | 'media_lost' | 'replaced' | 'failed';
export type ToolOutcome = 'ok' | 'error' | 'timeout' | 'cancelled' | 'refused';

/**
 * Where a dialogue's facts go. Never throws, never waits: what it takes is written later, in order, each fact's rows and events in one
 * transaction. Audio never goes there.
 */
export interface DialogueJournal {
  started(fact: { readonly legId: string; readonly engine: string; readonly simulated: boolean; readonly resumed: boolean }): void;
  engineChanged(fact: EngineChange & { readonly engine: string; readonly simulated: boolean }): void;
  turn(turn: Readonly<Turn>): void;
  interrupted(fact: { readonly turn: number; readonly heardMs: number; readonly toSilenceMs: number }): void;
  toolCalled(fact: { readonly toolRunId: string; readonly tool: string; readonly arguments: Readonly<Record<string, unknown>> }): void;
  toolCompleted(fact: { readonly toolRunId: string; readonly tool: string; readonly outcome: ToolOutcome; readonly tookMs: number; readonly detail: string }): void;
  handoffRequested(fact: { readonly reason: string; readonly summary: string | undefined }): void;
  /** Left to another leg between two turns, with nothing owed. */
  rested(): void;
  ended(fact: { readonly reason: EndReason; readonly engine: string; readonly turns: number; readonly durationMs: number }): void;
}
