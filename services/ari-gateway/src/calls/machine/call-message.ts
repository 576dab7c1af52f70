import type { FlowInput } from '@troncal/callflow';
import type { EndedBy } from '../call.js';
import type { ControlMessage } from './control-message.js';

/**
 * Everything that can happen to a call, from wherever it comes: ARI, AMI, timers, commands, HTTP, reconciliation. A message that doesn't fit
 * the call's state changes nothing.
 */
export type CallMessage =
  | ControlMessage
  /** The call is there; first message of each. `ringMs`: for a call that we place; `talks`: it has no route to follow, it is made to pick another call up. */
  | { readonly kind: 'begin'; readonly viaFallback?: boolean; readonly ringMs?: number; readonly talks?: boolean }
  | { readonly kind: 'flow'; readonly input: FlowInput }
  | { readonly kind: 'digit'; readonly channelId: string; readonly digit: string }
  | { readonly kind: 'leg_ringing'; readonly channelId: string }
  | { readonly kind: 'leg_up'; readonly channelId: string }
  /** The leg is in the bridge: it hears and is heard. */
  | { readonly kind: 'leg_joined'; readonly legId: string }
  | { readonly kind: 'leg_gone'; readonly channelId: string; readonly cause: number; readonly recovered?: boolean }
  | { readonly kind: 'queue_connected'; readonly legId: string; readonly extension: string }
  | { readonly kind: 'queue_left'; readonly legId: string; readonly outcome: 'timeout' | 'no_members' }
  | { readonly kind: 'ring_timeout'; readonly step: number }
  | { readonly kind: 'queue_timeout'; readonly step: number }
  | { readonly kind: 'park_timeout' }
  | { readonly kind: 'pickup_timeout' }
  | { readonly kind: 'consult_timeout' }
  | { readonly kind: 'played'; readonly playbackId: string; readonly outcome: 'completed' | 'stopped' | 'failed' }
  /** The agent could not be connected. `hopeless`: trying again changes nothing. */
  | { readonly kind: 'agent_away'; readonly legId: string; readonly hopeless: boolean }
  /** The process behind the agent's leg stops in good order: another one takes the conversation up at once. */
  | { readonly kind: 'agent_leaving'; readonly legId: string }
  | { readonly kind: 'agent_retry'; readonly step: number }
  | { readonly kind: 'summary'; readonly text: string | null }
  | { readonly kind: 'handoff'; readonly reason: string; readonly summary?: string }
  | { readonly kind: 'hangup'; readonly by: EndedBy; readonly cause: number; readonly recovered?: boolean }
  | { readonly kind: 'recording_failed'; readonly recordingId: string }
  | { readonly kind: 'recording_ready'; readonly recordingId: string; readonly durationMs: number; readonly bytes: number; readonly location: string }
  /**
   * The call is in a gateway's hands again. `channels` are those that exist, with their ARI state; `legs` are the call's channels that were there to be
   * looked for; `restarted`: another process had the call before, and what it was in the middle of is nobody's now.
   */
  | { readonly kind: 'reowned'; readonly channels: Readonly<Record<string, string>>; readonly legs: readonly string[]; readonly restarted: boolean };
