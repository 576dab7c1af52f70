import type { EventOf } from '@troncal/contracts';
import type { Tx } from '@troncal/persistence';
import type { Call } from './call.js';
import type { CallStep } from './call-step.js';

/** A page of calls, newest first. */
export interface CallQuery {
  /** Undefined: of all tenants. */
  readonly tenant?: string | undefined;
  readonly live?: boolean | undefined;
  readonly limit: number;
  /** `next` of the page before. */
  readonly after?: string | undefined;
}

export interface TimelineEntry {
  readonly time: Date;
  readonly type: string;
  readonly source: string;
  readonly eventId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where calls are kept. Everything rejects with TransientError `database_away` while the database is. */
export interface CallRepository {
  /**
   * Stores a step with its facts, in one transaction. A step that is there already changes nothing: safe to repeat.
   * @throws PermanentError `edge_overtaken`: the call's edge has a newer owner than the step's
   */
  store(step: CallStep): Promise<void>;
  find(callId: string): Promise<Call | undefined>;
  /** The live call at an edge that goes on with this one of Twilio's rail. */
  carrying(callId: string): Promise<Call | undefined>;
  /** Calls of an edge that have not ended, as far as was stored. */
  live(edgeId: string): Promise<Call[]>;
  /** Live calls in a parking slot, at any edge. Undefined: of all tenants. */
  parked(tenant: string | undefined): Promise<Call[]>;
  list(query: CallQuery): Promise<{ readonly calls: readonly Call[]; readonly next?: string }>;
  timeline(callId: string): Promise<TimelineEntry[]>;
  /**
   * Has a call that another service tells of become what `apply` makes of it; undefined leaves it as it is. In the transaction of an event's consumption:
   * events of one call come one after the other.
   */
  project(tx: Tx, callId: string, apply: (call: Call | undefined) => Call | undefined): Promise<void>;
  /** Adds what another service told of a call, in its order; in the transaction of its consumption. */
  addToTimeline(tx: Tx, callId: string, ...events: readonly EventOf<unknown>[]): Promise<void>;
}

export const CALL_REPOSITORY = Symbol('CallRepository');
