import { errorText, TransientError } from '@troncal/kernel';

// Classes 08 (connection), 53 (out of resources: too many connections, disk full) and 57P (the server stops or starts); 25P03: it ended a transaction that stood still.
const AWAY_STATES = /^(08...|53...|57P0[1-5]|25P03)$/;
const AWAY_SOCKETS = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
// pg 8.23 gives these no code.
const AWAY_TEXTS = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after)/;

/** True when the database could not be reached or is going away: the statement may work later. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof TransientError) return error.code === 'database_away';
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (code !== undefined && (AWAY_STATES.test(code) || AWAY_SOCKETS.has(code))) || AWAY_TEXTS.test(error.message);
}

/** Serialization failure or deadlock: the same transaction, run again, may work (SQLSTATE 40001, 40P01). */
export function isRetryable(error: unknown): boolean {
  const code = error instanceof Error ? codeOf(error) : undefined;
  return code === '40001' || code === '40P01';
}

/** The unique, foreign-key or check constraint that a statement broke, by name; undefined for any other error. */
export function brokenConstraint(error: unknown): string | undefined {
  if (!(error instanceof Error) || !codeOf(error)?.startsWith('23')) return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : undefined;
}

/** The error to hand on: TransientError `database_away` when it is that, else what it was. */
export function toDatabaseError(error: unknown): unknown {
  if (error instanceof TransientError || !isDatabaseAway(error)) return error;
  return new TransientError('database_away', `The database can't be reached: ${errorText(error)}.`, {
    cause: error,
    remedy: 'Nothing was committed by this attempt. See that PostgreSQL runs at the address of DATABASE_URL and has free connections.',
  });
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
