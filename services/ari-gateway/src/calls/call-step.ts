import type { Call } from './call.js';
import type { CallFact } from './machine/call-fact.js';

/** One step of one call, as it is stored: whole and plain JSON, so that the journal can keep it while the database is away. */
export interface CallStep {
  readonly call: Call;
  readonly facts: readonly CallFact[];
  /** The epoch in which our process owned the call's edge: the database refuses the step once there is a newer owner. */
  readonly epoch: number;
  /** When it happened, ms since the epoch: a step that waits in the journal keeps its time. */
  readonly at: number;
}
