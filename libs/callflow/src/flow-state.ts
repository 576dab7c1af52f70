import type { Language, Locale } from '@troncal/contracts';
import type { BlockingAction, HangupCause, QueueReason } from './flow-action.js';

/** Where inside its node a flow stands. `talking`: with a person; `ended`: nothing more happens. */
export type FlowPhase =
  | 'notice'
  | 'announce'
  | 'menu_prompt'
  | 'menu_invalid'
  | 'menu_wait'
  | 'ring'
  | 'queue_prompt'
  | 'queue'
  | 'agent'
  | 'voicemail_prompt'
  | 'voicemail'
  | 'farewell'
  | 'talking'
  | 'ended';

/** A flow at rest: plain JSON, stored by the driver between two steps. Belongs to the route that it was started with. */
export interface FlowState {
  readonly node: string;
  readonly phase: FlowPhase;
  /** Number of the blocking action last given out; grows with each. */
  readonly step: number;
  /** Menu: how often its prompt has been said, this time included. */
  readonly attempt: number;
  /** Nodes entered since the caller last pressed a digit that counted. */
  readonly hops: number;
  readonly answered: boolean;
  readonly recording: boolean;
  /** How the flow came where it is, for the queue's reason. */
  readonly reason: QueueReason;
  /** Digits pressed before anybody took them, oldest first, for the menus and the agent that follow. */
  readonly typedAhead?: string;
  /** Chosen on the way, in place of the route's. */
  readonly language?: Language;
  /** Stands with `language`; absent where it is spoken as usual. */
  readonly locale?: Locale;
  /** Menus on the way to where the flow stands, oldest first, each once: entering one of them again forgets those after it. */
  readonly menus?: readonly string[];
  /** Set with `ended`. */
  readonly cause?: HangupCause;
}

/** What phase each blocking action belongs to. */
export const activityOf: Readonly<Record<FlowPhase, BlockingAction['kind'] | undefined>> = {
  notice: 'say',
  announce: 'say',
  menu_prompt: 'say',
  menu_invalid: 'say',
  menu_wait: 'collect',
  ring: 'ring',
  queue_prompt: 'say',
  queue: 'queue',
  agent: 'agent',
  voicemail_prompt: 'say',
  voicemail: 'voicemail',
  farewell: 'say',
  talking: undefined,
  ended: undefined,
};
