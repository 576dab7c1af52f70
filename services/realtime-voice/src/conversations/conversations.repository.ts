import type { Queryable, Tx } from '@troncal/persistence';
import type { ClaimedLeg, Conversation, LegOutcome, StoredLeg, StoredToolRun, StoredTurn } from './conversation.js';

export type NewConversation = Omit<Conversation, 'state' | 'createdAt' | 'startedAt' | 'endedAt' | 'endReason'>;

/** A media leg to come. */
export interface NewLeg {
  readonly legId: string;
  readonly conversationId: string;
  readonly resume: boolean;
  /** The conversation whose transcript is the past; may be an earlier one of the call. */
  readonly pastId: string | undefined;
  /** The keys that end it, for a leg that ends by itself. */
  readonly digits: readonly string[] | undefined;
}

export interface ConversationFilter {
  /** All tenants when undefined. */
  readonly tenant: string | undefined;
  readonly callId: string | undefined;
  readonly limit: number;
  /** Id of the last one of the page before. */
  readonly after: string | undefined;
}

/** Conversations, their media legs and transcripts. Methods with a `tx` are part of the caller's transaction. */
export interface ConversationsRepository {
  /** The conversation a leg was inserted for; undefined for an unknown leg. */
  ofLeg(tx: Tx, legId: string): Promise<Conversation | undefined>;
  /** The newest conversation of a call, locked until the transaction ends. */
  newestOfCall(tx: Tx, callId: string): Promise<Conversation | undefined>;
  insert(tx: Tx, conversation: NewConversation): Promise<void>;
  insertLeg(tx: Tx, leg: NewLeg): Promise<void>;
  /** Takes a waiting leg for a replica, once: undefined for an unknown leg, one already taken, and one whose conversation is over. From then on that replica serves the conversation. */
  claimLeg(legId: string, replica: string): Promise<ClaimedLeg | undefined>;
  /** The replica that serves the call's open conversation; undefined when there is none, or no leg has been claimed. */
  holderOf(callId: string): Promise<string | undefined>;
  /** True while the conversation is served by this leg; it stays so until the transaction ends. */
  isServedBy(tx: Tx, conversationId: string, legId: string): Promise<boolean>;
  /** Whether somebody has claimed this leg. */
  legTaken(legId: string): Promise<boolean>;
  /** Says how a leg ended, unless that was said before. */
  settleLeg(legId: string, outcome: LegOutcome): Promise<void>;
  /** How a leg ended; undefined for an unknown one. */
  storedLeg(legId: string): Promise<StoredLeg | undefined>;
  /** Ends it unless it is over; what it was then, or undefined. */
  end(tx: Tx, id: string, reason: string): Promise<Conversation | undefined>;
  byId(id: string): Promise<Conversation | undefined>;
  list(filter: ConversationFilter): Promise<Conversation[]>;
  turns(id: string, within?: Queryable): Promise<StoredTurn[]>;
  toolRuns(id: string): Promise<StoredToolRun[]>;
}

/** Injection token. */
export const CONVERSATIONS = Symbol('ConversationsRepository');
