import type { Tx } from '@troncal/persistence';
import type { RailFact } from './call-facts.js';
import type { NotedFact } from './call-so-far.js';

/** A call as it is kept, while its row is locked. */
export interface RailCallRow {
  readonly callSid: string;
  readonly callId: string;
  readonly environment: string;
  readonly tenant: string;
  readonly stated: readonly string[];
  readonly facts: readonly NotedFact[];
  /** The database's clock, ms. */
  readonly now: number;
}

/** What telling of a call leaves behind. */
export interface RailCallProgress {
  readonly environment: string;
  readonly tenant: string;
  /** Keys to be added. */
  readonly stated: readonly string[];
  /** ms by the database's clock; undefined: when the next fact comes. */
  readonly dueAt: number | undefined;
  /** When the call ended, ms; undefined while it has not. */
  readonly endedAt: number | undefined;
  /** When the last fact came, ms by the database's clock. */
  readonly heardAt: number;
  /** The queue in which the caller waits now, whose it is, and since when, ms. */
  readonly waitsIn: { readonly queue: string; readonly tenant: string; readonly since: number } | undefined;
  /** The extension of the person who talks with the caller now. */
  readonly talksWith: string | undefined;
}

/** A call that Twilio is to be asked about. */
export interface AskedCall {
  readonly callSid: string;
  readonly environment: string;
  readonly tenant: string;
  /** When the last fact of it came, ms by the database's clock. */
  readonly heardAt: number;
}

/** Where facts and calls of Twilio's rail are kept. Everything rejects with TransientError `database_away` while the database is. */
export abstract class RailCallRepository {
  /** Stores facts, each once, in one transaction, and has their calls looked at. Safe to repeat. */
  abstract keep(facts: readonly RailFact[]): Promise<void>;
  /** Calls that are to be looked at now; and when the next one is, ms from now, if any is. */
  abstract due(limit: number): Promise<{ readonly callSids: readonly string[]; readonly nextInMs: number | undefined }>;
  /** Locks a call and reads all that is known of it; undefined when another replica is at it. */
  abstract lock(tx: Tx, callSid: string): Promise<RailCallRow | undefined>;
  abstract advance(tx: Tx, callSid: string, progress: RailCallProgress): Promise<void>;
  /** Has a call looked at later that can't be told of now. */
  abstract postpone(callSid: string, ms: number): Promise<void>;
  /** Takes, for asking, calls that have not ended and of which nothing was heard for so long; none that was asked about since. */
  abstract takeSilent(silentMs: number, limit: number): Promise<AskedCall[]>;
  /** Takes, for asking, ended calls whose price is not known; each after a longer wait, and given up after `tries`. */
  abstract takeUnpriced(firstWaitMs: number, tries: number, limit: number): Promise<AskedCall[]>;
  /** A call's price is known, or there is nobody to ask. */
  abstract priced(callSid: string): Promise<void>;
  /** Takes, for asking, ended calls of which it is not known how they sounded; each after a longer wait, and given up after `tries`. */
  abstract takeUnmeasured(firstWaitMs: number, tries: number, limit: number): Promise<AskedCall[]>;
  /** It is known how a call sounded, or there is nobody to ask. */
  abstract measured(callSid: string): Promise<void>;
  /** The call’s own SID and those of the legs that are known of it. */
  abstract sidsOf(callSid: string): Promise<string[]>;
  /** Forgets calls that ended so long ago; how many. */
  abstract forget(keepMs: number): Promise<number>;
}
