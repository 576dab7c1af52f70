import type { RunView, WaitingView } from '@troncal/contracts';

export type RunKind = RunView['kind'];

/** One piece of work on an account. What it is to do follows from the tables: whoever takes it up after a crash reads them again. */
export interface Run {
  readonly run: string;
  readonly environment: string;
  readonly kind: RunKind;
  readonly tenants: readonly string[];
  /** What its kind needs beside the tenants. */
  readonly params: Readonly<Record<string, string>>;
  readonly state: RunView['state'];
  readonly fault: string | null;
  readonly waiting: readonly WaitingView[];
  readonly startedAt: Date;
  readonly endedAt: Date | null;
}

export interface RunStep {
  readonly key: string;
  /** `_` for what several tenants share. */
  readonly tenant: string;
  readonly says: string;
}

export interface RunStepState extends RunStep {
  readonly state: RunView['steps'][number]['state'];
  readonly fault: string | null;
  readonly at: Date | null;
}

/** What became of a step. */
export type SettledStep = Pick<RunStepState, 'key' | 'state' | 'fault'>;

/** How a run ended. */
export interface RunEnd {
  readonly state: 'whole' | 'partial' | 'failed';
  readonly fault: string | null;
  readonly waiting: readonly WaitingView[];
}
