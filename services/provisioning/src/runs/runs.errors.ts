import { PermanentError, TroncalError } from '@troncal/kernel';

export const unknownRun = (run: string): PermanentError => new PermanentError('unknown_run', `There is no run ${run}.`, { status: 404, remedy: 'GET /api/runs?environment=… lists the latest.' });

export const runUnderWay = (environment: string, run: string | undefined): PermanentError =>
  new PermanentError('run_under_way', `Another run is at work in "${environment}"${run === undefined ? '' : `: ${run}`}.`, { status: 409, details: { environment, ...(run === undefined ? {} : { run }) }, remedy: 'Wait until it has ended, and ask again.' });

/** Whoever looks again by itself has nothing to tell of it. */
export const isRunUnderWay = (error: unknown): boolean => error instanceof TroncalError && error.code === 'run_under_way';
