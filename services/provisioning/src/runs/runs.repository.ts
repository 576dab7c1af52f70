import type { Tx } from '@troncal/persistence';
import type { Run, RunEnd, RunStep, RunStepState, SettledStep } from './run.js';

/** Keeps runs and their steps. */
export abstract class RunRepository {
  abstract find(run: string): Promise<Run | undefined>;
  /** The latest first. */
  abstract latest(environment: string, limit: number): Promise<Run[]>;
  abstract underWay(): Promise<Run[]>;
  abstract steps(run: string): Promise<RunStepState[]>;
  /** @throws PermanentError `run_under_way` */
  abstract start(tx: Tx, run: Pick<Run, 'run' | 'environment' | 'kind' | 'tenants' | 'params'>): Promise<void>;
  /** Steps in their order; those that a run had before a crash, and needs no more, stay as they are. */
  abstract plan(tx: Tx, run: string, steps: readonly RunStep[]): Promise<void>;
  /** Some steps in one statement. */
  abstract settle(tx: Tx, run: string, ...steps: readonly SettledStep[]): Promise<void>;
  /** False when it had ended before. */
  abstract end(tx: Tx, run: string, end: RunEnd): Promise<boolean>;
  abstract counts(tx: Tx, run: string): Promise<Readonly<Record<RunStepState['state'], number>>>;
}
