import type { Envelope } from '@troncal/contracts';

/** Times are ms since the epoch, all by the one clock of this machine. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How one phone remembers one call. */
export interface PhoneCall {
  /** Of the workload: `agent 3`, `arrival 7`. */
  readonly name: string;
  /** `steady`: up before the fault, and must stay up. `arrival`: came while the fault lasted. `person`: the one who was called. */
  readonly kind: 'steady' | 'arrival' | 'person';
  /** The phone's own extension; a steady caller and an arrival have one for themselves. */
  readonly extension: string;
  readonly dialled: string;
  readonly invitedAtMs: number;
  readonly answeredAtMs: number | null;
  /** When the first sound was heard. */
  readonly heardAtMs: number | null;
  /** `null` while it lasts. `by` is `local` when the workload hung up. */
  readonly ended: { readonly by: 'local' | 'remote' | 'failed'; readonly atMs: number; readonly sipStatus?: number; readonly cause?: number; readonly reason: string } | null;
  /** Packets with audio that were heard. */
  readonly frames: number;
  /** Only of calls between phones with a tone both ways: when it was judged, and the holes over 60 ms. */
  readonly audio: { readonly judged: Span; readonly gaps: readonly { readonly atMs: number; readonly ms: number; readonly ownMs: number }[] } | null;
}

/** An event as it stands in its stream. */
export interface BusEvent {
  readonly envelope: Envelope;
  readonly stream: string;
  readonly streamSequence: number;
}

/** A call of the projection. */
export interface ProjectedCall {
  readonly callId: string;
  readonly timeline: readonly { readonly eventId: string }[];
}

/** A client's request and what it was told. */
export interface Operation {
  readonly kind: 'declare' | 'originate';
  /** What makes it unlike every other one: an extension. */
  readonly key: string;
  readonly invokedAtMs: number;
  readonly completedAtMs: number | null;
  /** `ok`: acknowledged. `fail`: refused for certain. `unknown`: no answer, or one that leaves it open. */
  readonly outcome: 'ok' | 'fail' | 'unknown';
  readonly status: number | null;
}

/** What was left in Asterisk at the end, by name or id. */
export interface LeftAtEdge {
  readonly channels: readonly string[];
  readonly bridges: readonly string[];
  readonly recordings: readonly string[];
}

/** What the database said at the end. */
export interface LeftInDatabase {
  /** Unsent events by service. */
  readonly unsent: Readonly<Record<string, number>>;
  readonly liveCalls: number;
  readonly openRecordings: number;
}

/** When the fault began, was over, and everything was as it should be again; null: never. */
export interface FaultTimes {
  readonly faultAtMs: number;
  readonly liftedAtMs: number;
  readonly convergedAtMs: number | null;
}

/** What a fault's row promises. */
export interface Bounds {
  /** From the end of the fault until all is as it should be, ms. */
  readonly convergedMs: number;
  /** Longest hole in what a phone hears of another, ms; absent where calls between phones aren't judged by it. */
  readonly gapMs?: number;
  /** Dead letters are part of this fault, and judged by it. */
  readonly deadLetters?: boolean;
  /** The log's order was disturbed on purpose: aggregates must be whole, in whatever order they stand. */
  readonly anyOrder?: boolean;
  /** Within this a new caller hears something, ms; absent where none are judged. */
  readonly arrivalHearsMs?: number;
}

/** All that a judgement is made from. Nothing else is looked at. */
export interface Evidence {
  readonly tenant: string;
  readonly phones: readonly PhoneCall[];
  /** The whole log of the tenant and of the platform, stream by stream, in order. */
  readonly bus: readonly BusEvent[];
  readonly deadLetters: number;
  /** Calls as the API knows them, with the ids of what their timelines tell. */
  readonly projection: readonly ProjectedCall[];
  readonly edge: LeftAtEdge;
  readonly database: LeftInDatabase;
  readonly operations: readonly Operation[];
  /** Extensions that the API lists at the end. */
  readonly declared: readonly string[];
  readonly times: FaultTimes;
  readonly bounds: Bounds;
}

/** One thing that was asked of the evidence. */
export interface Finding {
  readonly rule: string;
  readonly bound: string;
  readonly measured: string;
  readonly ok: boolean;
  /** What broke it, the first few. */
  readonly offenders: readonly string[];
}
