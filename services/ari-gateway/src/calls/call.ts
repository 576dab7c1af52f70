import type { FlowState, QueueReason } from '@troncal/callflow';
import type { Language, Route } from '@troncal/contracts';

export type Direction = 'inbound' | 'outbound' | 'internal';
/** `call`: another caller's call; `conference`: the way into one; `supervisor` and `snoop`: who listens, and what is listened through. */
export type LegKind = 'caller' | 'endpoint' | 'queue' | 'media' | 'trunk' | 'call' | 'conference' | 'supervisor' | 'snoop';
/** What a leg beside the conversation is for: it hears the caller only once it is settled, if ever. */
export type LegRole = 'link' | 'pickup' | 'consult' | 'supervisor' | 'snoop';
export type LegState = 'created' | 'ringing' | 'up' | 'ended';
export type Disposition = 'answered' | 'no_answer' | 'busy' | 'failed' | 'abandoned' | 'rejected';
export type EndedBy = 'caller' | 'far_end' | 'route' | 'agent' | 'api' | 'system';

/** How a phone or number is reached from the edge. */
export type DialTarget =
  | { readonly kind: 'endpoint'; readonly extension: string; readonly sipUser: string }
  | { readonly kind: 'trunk'; readonly trunk: string; readonly number: string; readonly callerId?: string };

/** One party's connection to the call. Legs that we create have the leg id as their channel id. */
export interface Leg {
  readonly legId: string;
  readonly channelId: string;
  readonly kind: LegKind;
  /** Extension, number, queue or agent. */
  readonly target: string;
  readonly state: LegState;
  /** The flow's step that asked for it; absent for the caller. */
  readonly step?: number;
  /** When it came up, ms since the epoch. */
  readonly upAt?: number;
  readonly role?: LegRole;
  /** It has been told that this one and the caller hear each other. */
  readonly connected?: true;
  /** Whose phone is behind a queue's leg. */
  readonly extension?: string;
}

/** `stereo`: the caller on the left, what the caller hears on the right. */
export type RecordingChannels = 'mono' | 'stereo';

/** A message of the caller alone. */
export interface Voicemail {
  readonly mailbox: string;
  /** The flow's step that waits for it. */
  readonly step: number;
  readonly maxSeconds: number;
  /** So much silence ends it. */
  readonly silenceSeconds: number;
}

export interface CallRecording {
  readonly recordingId: string;
  readonly state: 'recording' | 'ready' | 'failed';
  readonly announced: boolean;
  /** Absent in what older versions stored: mono. */
  readonly channels?: RecordingChannels;
  /** Since when it holds silence, ms since the epoch; absent while it holds sound. */
  readonly pausedAt?: number | null;
  /** Absent for a recording of the call itself. */
  readonly voicemail?: Voicemail;
  readonly durationMs: number | null;
  readonly bytes: number | null;
  /** Where it is, when it is not in the spool of an edge. */
  readonly location?: string;
}

/** The caller waits for a person, since `since` (ms). `said`: CallQueued has been told. */
export interface Waiting {
  readonly queue: string;
  readonly reason: QueueReason;
  readonly since: number;
  readonly said: boolean;
}

/** An AI agent's part in the call. */
export interface AgentPart {
  readonly agent: string;
  readonly legId: string;
  /** Attempts in a row that failed. */
  readonly tries: number;
  /** It had been connected before, so the next one takes the conversation up. */
  readonly resume: boolean;
  /** When the caller began to be without an agent, ms since the epoch; means nothing while one is there. */
  readonly awaySince: number;
  /** When an agent who was there was lost, within the last minute. */
  readonly lossesAt: readonly number[];
  /** The caller hears music in its stead. */
  readonly music: boolean;
}

/** What is known of an agent's absence before the first one. */
export const NO_ABSENCE = { tries: 0, awaySince: 0, lossesAt: [], music: false } as const satisfies Partial<AgentPart>;

/** The caller waits in a slot. `claimed`: by whom it is being picked up. */
export interface Parked {
  readonly slot: string;
  readonly since: number;
  readonly until: number;
  readonly returnTo: string | null;
  readonly claimed: { readonly legId: string; readonly extension: string } | null;
}

/** A warm transfer under way: the target's leg, and the one that speaks to it, if any. */
export interface Consult {
  readonly kind: 'endpoint' | 'number';
  readonly target: string;
  readonly legId: string;
  readonly transferor: string | null;
  readonly talking: boolean;
  /** The transferor hung up before the target answered: the caller hears ringing, and gets whoever answers. */
  readonly unattended: boolean;
  readonly briefing: string | null;
  readonly reason: string | null;
  readonly requestedBy: 'api' | 'agent';
}

/** A cold transfer that nobody has taken yet, and where the caller goes if nobody does. */
export interface SentOn {
  readonly kind: 'endpoint' | 'number';
  readonly target: string;
  /** Whoever the caller talked with. */
  readonly transferor: string | null;
  readonly route: Route;
  readonly routeRef: Call['routeRef'];
}

/** A supervisor at one party's ear. `tapId`: the leg that is listened through; `since`: when the supervisor began to hear. */
export interface Snoop {
  readonly snoopId: string;
  readonly mode: 'listen' | 'whisper';
  readonly party: 'caller' | 'other';
  readonly extension: string;
  readonly legId: string;
  readonly tapId: string | null;
  readonly since: number | null;
}

/** What was done to a call from outside its route. */
export interface CallControl {
  readonly held: { readonly since: number } | null;
  readonly parked: Parked | null;
  readonly consult: Consult | null;
  readonly sentOn: SentOn | null;
  readonly conference: { readonly name: string; readonly legId: string; readonly since: number } | null;
  readonly playback: { readonly playbackId: string } | null;
  readonly snoops: readonly Snoop[];
}

/** A call on Twilio's rail that goes on here, from a step of its route on. */
export interface Carried {
  /** Its id there, by which everybody knows it: it is begun, answered and ended there. */
  readonly callId: string;
  readonly node: string;
  readonly language: Language;
}

/** Nothing was. */
export const NO_CONTROL: CallControl = { held: null, parked: null, consult: null, sentOn: null, conference: null, playback: null, snoops: [] };

/**
 * One caller's journey, over transfers and re-attachments: plain JSON, the authority while the call is live, stored whole at each step.
 * The first leg is the primary one: the caller, or for a call that we place the party called.
 */
export interface Call extends CallControl {
  readonly callId: string;
  /** Grows by one with each stored step; a step is stored once, whatever happens. */
  readonly version: number;
  readonly tenant: string;
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly edgeId: string;
  /** What the caller is spoken to in: the route's, or what was chosen on the way. */
  readonly language: Language;
  readonly routeRef: { readonly code: string; readonly revision: number } | null;
  /** Pinned for the whole call; a transfer puts another one in its place. */
  readonly route: Route;
  /** null until the flow has begun: a call that we place, before its answer. */
  readonly flow: FlowState | null;
  readonly state: 'ringing' | 'answered' | 'ended';
  readonly legs: readonly Leg[];
  readonly recordings: readonly CallRecording[];
  /** How targets outside the tenant are reached; decided by the dial guard before. */
  readonly dials: Readonly<Record<string, DialTarget>>;
  /** Extensions still to be tried one by one. */
  readonly ringNext: readonly string[];
  readonly waiting: Waiting | null;
  readonly agentPart: AgentPart | null;
  /** Who took the caller from the agent, until a person has been found. */
  readonly leftAgent: 'caller' | 'agent' | null;
  readonly summary: string | null;
  /** Q.850 cause of the last leg that failed, for an unanswered caller. */
  readonly lastCause: number;
  readonly variables: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly disposition: Disposition | null;
  readonly cause: number | null;
  /** Set for a call on Twilio's rail, which no gateway has in hand: what it is doing, as its events tell. */
  readonly twilio?: { readonly at: string };
  /** Set for one that was handed over from Twilio's rail: whatever is told of it is told of that one, and it is listed as that one alone. */
  readonly carries?: Carried;
}

/** The id by which everybody knows the call. */
export function knownAs({ callId, carries }: Pick<Call, 'callId' | 'carries'>): string {
  return carries?.callId ?? callId;
}

/** The party whose journey this is. */
export function primaryLeg(call: Call): Leg {
  const leg = call.legs[0];
  if (!leg) throw new Error(`call ${call.callId} has no leg at all: its stored document is damaged`);
  return leg;
}

/** The running recording of the call itself, be it paused. */
export function runningRecording(call: Call): CallRecording | undefined {
  return call.recordings.find((each) => each.state === 'recording' && !each.voicemail);
}

/** The leg of a channel, ended ones included. */
export function legOfChannel(call: Call, channelId: string): Leg | undefined {
  return call.legs.find((leg) => leg.channelId === channelId);
}

/** What the call is doing, for people: the route's node, or a word. */
export function whereabouts(call: Call): string {
  if (call.state === 'ended') return 'ended';
  if (call.twilio) return call.twilio.at;
  if (!call.flow) return 'dialling';
  if (call.consult) return 'consulting';
  if (call.held) return 'held';
  if (call.parked) return 'parked';
  if (call.conference) return 'conference';
  return call.flow.phase === 'talking' ? 'talking' : call.flow.node;
}
