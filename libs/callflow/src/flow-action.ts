import type { Language, Locale, RouteNodeOf } from '@troncal/contracts';

/** Why a caller is put into a queue; as CallQueued tells it. */
export type QueueReason = 'route' | 'digit' | 'agent_request' | 'agent_failed' | 'transfer';

/** Why a call is hung up by its route. `loop` and `broken` are the interpreter's own: no caller input for too long, or a node that is not there. */
export type HangupCause = RouteNodeOf<'hangup'>['cause'] | 'loop' | 'broken';

/** Done at once; the flow goes on without waiting. */
export type ImmediateAction =
  /** Answer the caller. Comes at most once per call, before anything is said. */
  | { readonly kind: 'answer' }
  /** Record both sides from now on. Comes at most once per flow, after the announcement where there is one. */
  | { readonly kind: 'record'; readonly announced: boolean }
  /** End the blocking action that is in force: its later report is ignored. */
  | { readonly kind: 'stop'; readonly activity: BlockingAction['kind']; readonly step: number };

/**
 * The flow waits until the driver reports on it, quoting `step`. At most one is in force at any time.
 * The report of each: say → `said`; collect → `digit` or `digit_timeout`; ring → `ring_answered` or `ring_failed`;
 * queue → `queue_connected` or `queue_left`; agent → `agent_failed` or `handoff`; voicemail → `voicemail_left`.
 */
export type BlockingAction =
  /**
   * Say `text`. With `gather` a digit ends it and counts as the answer, and when it has ended a `collect` of `timeoutMs` follows:
   * a TwiML driver renders both as one <Gather timeout> around <Say>. With `interruptible` a digit ends it. Without a `locale` the language is
   * spoken as the tenant's country does (`localeIn`); `voice` is a wish that a rail which has no such voice passes over.
   */
  | ({ readonly kind: 'say'; readonly step: number; readonly interruptible: boolean; readonly gather?: { readonly timeoutMs: number } } & Spoken)
  /** Wait for one digit, `timeoutMs` at most. */
  | { readonly kind: 'collect'; readonly step: number; readonly timeoutMs: number }
  /** Ring these phones; the caller hears ringing meanwhile. `timeoutMs` is per try. */
  | { readonly kind: 'ring'; readonly step: number; readonly extensions: readonly string[]; readonly strategy: 'all' | 'in_order'; readonly timeoutMs: number }
  /** Put the caller into a queue of people; music meanwhile. */
  | { readonly kind: 'queue'; readonly step: number; readonly queue: string; readonly timeoutMs: number; readonly reason: QueueReason }
  /** Connect an AI agent, who is to speak `language`. `resume`: it had been connected before in this same node. */
  | { readonly kind: 'agent'; readonly step: number; readonly agent: string; readonly resume: boolean; readonly language: Language }
  /**
   * Record the caller alone, after a beep, until `finishOnKey` is pressed, `silenceSeconds` of silence, `maxSeconds` or the hangup. Digits pressed
   * meanwhile are the driver's, and need not be reported. What was recorded is kept for `mailbox`, also when the action is stopped or the caller hangs up.
   */
  | { readonly kind: 'voicemail'; readonly step: number; readonly maxSeconds: number; readonly silenceSeconds: number; readonly finishOnKey?: string; readonly beep: true; readonly mailbox: string };

/** A text and how it is to be said. */
export interface Spoken {
  readonly text: string;
  readonly language: Language;
  readonly locale?: Locale;
  readonly voice?: string;
}

/** The flow is over: nothing follows. */
export interface HangupAction {
  readonly kind: 'hangup';
  readonly cause: HangupCause;
}

/** What a driver (ARI, TwiML) is to do, in this order. */
export type FlowAction = ImmediateAction | BlockingAction | HangupAction;

const BLOCKING: ReadonlySet<string> = new Set<BlockingAction['kind']>(['say', 'collect', 'ring', 'queue', 'agent', 'voicemail']);

/** True for an action that the flow waits for. */
export function isBlocking(action: FlowAction): action is BlockingAction {
  return BLOCKING.has(action.kind);
}
