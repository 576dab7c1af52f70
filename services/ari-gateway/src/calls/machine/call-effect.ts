import type { DialTarget, Leg, RecordingChannels } from '../call.js';
import type { LinkTarget, PlaySource } from './control-message.js';

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
  | { readonly kind: 'timer'; readonly name: TimerName; readonly step: number; readonly ms: number }
  | { readonly kind: 'stop_timer'; readonly name: TimerName }
  | { readonly kind: 'dial'; readonly leg: Leg; readonly target: DialTarget; readonly callerId: string; readonly timeoutMs: number }
  | { readonly kind: 'dial_queue'; readonly leg: Leg; readonly queue: string }
  | { readonly kind: 'attach_agent'; readonly leg: Leg; readonly agent: string; readonly resume: boolean }
  | { readonly kind: 'detach_agent'; readonly reason: 'handoff' | 'detached' | 'call_ended' }
  | { readonly kind: 'ask_summary' }
  | { readonly kind: 'join'; readonly leg: Leg }
  /** Out of the bridge and in again; see `CallBridges.again`. */
  | { readonly kind: 'rejoin'; readonly leg: Leg }
  | { readonly kind: 'hang_up'; readonly channelId: string; readonly cause: number }
  /** Out of the call's bridge: it hears nothing and isn't heard. */
  | { readonly kind: 'part'; readonly leg: Leg }
  /** Into a bridge of the call's beside its own, made when it isn't there. */
  | { readonly kind: 'put'; readonly room: string; readonly legs: readonly Leg[] }
  /** Takes such a bridge away. */
  | { readonly kind: 'clear'; readonly room: string }
  /** A Local channel whose near half is the leg, and whose far half another call's leg or in a conference. */
  | { readonly kind: 'dial_link'; readonly leg: Leg; readonly to: LinkTarget }
  /** The far half of a conference's leg into its bridge. */
  | { readonly kind: 'join_room'; readonly leg: Leg }
  /** Says a text to the one who is consulted. */
  | { readonly kind: 'brief'; readonly leg: Leg; readonly text: string; readonly language: string }
  /** A channel that hears another one, and with `whisper` is heard by its party alone. */
  | { readonly kind: 'tap'; readonly leg: Leg; readonly channelId: string; readonly whisper: boolean }
  | { readonly kind: 'play_out'; readonly playbackId: string; readonly source: PlaySource }
  | { readonly kind: 'stop_play_out'; readonly playbackId: string }
  | { readonly kind: 'send_digits'; readonly channelId: string; readonly digits: string }
  /** Begun already: it goes on. `message`: of the caller, after a beep; it ends by itself after so long, or so much silence. */
  | { readonly kind: 'record'; readonly recordingId: string; readonly channels: RecordingChannels; readonly message?: MessageLimits }
  | { readonly kind: 'pause_record'; readonly recordingId: string; readonly channels: RecordingChannels; readonly paused: boolean }
  | { readonly kind: 'stop_record'; readonly recordingId: string; readonly channels: RecordingChannels }
  /** Stop all recordings, then take the bridges away. */
  | { readonly kind: 'tear_down'; readonly recordings: readonly { readonly recordingId: string; readonly channels: RecordingChannels }[]; readonly rooms: readonly string[] };

/** How long a message may be, and how much silence ends it. */
export interface MessageLimits {
  readonly maxSeconds: number;
  readonly silenceSeconds: number;
}

export type TimerName = 'digit' | 'ring' | 'queue' | 'agent_retry' | 'park' | 'pickup' | 'consult';
