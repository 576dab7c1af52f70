import type { DialTarget, Leg } from '../call.js';

/**
 * What is to be done after a step has been stored. Each may be done twice (after a crash) or fail; whatever comes of it returns as a message.
 */
export type CallEffect =
  | { readonly kind: 'answer'; readonly channelId: string }
  /** 180 to an unanswered caller. */
  | { readonly kind: 'indicate_ringing'; readonly channelId: string }
  | { readonly kind: 'play'; readonly step: number; readonly text: string; readonly language: string }
  | { readonly kind: 'stop_play'; readonly step: number }
  /** Ringing tone to an answered caller, until `stop_play` of the same step. */
  | { readonly kind: 'ringback'; readonly step: number }
  | { readonly kind: 'hold_music'; readonly on: boolean }
  | { readonly kind: 'timer'; readonly name: 'digit' | 'ring' | 'queue' | 'agent_retry'; readonly step: number; readonly ms: number }
  | { readonly kind: 'stop_timer'; readonly name: 'digit' | 'ring' | 'queue' | 'agent_retry' }
  | { readonly kind: 'dial'; readonly leg: Leg; readonly target: DialTarget; readonly callerId: string; readonly timeoutMs: number }
  | { readonly kind: 'dial_queue'; readonly leg: Leg; readonly queue: string }
  | { readonly kind: 'attach_agent'; readonly leg: Leg; readonly agent: string; readonly resume: boolean }
  | { readonly kind: 'detach_agent'; readonly reason: 'handoff' | 'detached' | 'call_ended' }
  | { readonly kind: 'ask_summary' }
  | { readonly kind: 'join'; readonly leg: Leg }
  /** Out of the bridge and in again; see `CallBridges.again`. */
  | { readonly kind: 'rejoin'; readonly leg: Leg }
  | { readonly kind: 'hang_up'; readonly channelId: string; readonly cause: number }
  | { readonly kind: 'record'; readonly recordingId: string }
  | { readonly kind: 'stop_record'; readonly recordingId: string }
  /** Stop all recordings, then take the bridge away. */
  | { readonly kind: 'tear_down'; readonly recordingIds: readonly string[] };
