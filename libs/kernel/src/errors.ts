/** One fault among several in the same input. */
export interface Fault {
  /** Where: a JSON pointer (`/data/to`), a variable's name, a column. */
  readonly where: string;
  /** What is wrong and what is expected, in one sentence. */
  readonly message: string;
}

/** What an error of ours carries besides its message. */
export interface ErrorFacts {
  /** What the reader can do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Plain JSON facts for logs and problem documents: no secret and no full phone number. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Every fault found in the input, when it was bad input. */
  readonly faults?: readonly Fault[];
  /** The HTTP status this maps to at an API; each class has its default. */
  readonly status?: number;
}

/**
 * What both kinds share. `code` is stable, snake_case and safe to show; programs branch on it, people read `message` and `remedy`.
 */
export abstract class TroncalError extends Error {
  readonly code: string;
  readonly remedy: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
  readonly status: number;

  /** True when the same request may succeed later without a change. */
  abstract readonly retryable: boolean;

  constructor(code: string, message: string, facts: ErrorFacts, defaultStatus: number) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = code;
    this.remedy = facts.remedy;
    this.details = facts.details ?? {};
    this.faults = facts.faults ?? [];
    this.status = facts.status ?? defaultStatus;
  }
}

/**
 * Trying again changes nothing: bad input, a broken rule, a refused request.
 * A consumer that throws one sends the message to the dead-letter stream at once; an API answers 422 unless told otherwise.
 */
export class PermanentError extends TroncalError {
  readonly retryable = false;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts, 422);
  }
}

/**
 * It may work later: a timeout, a full queue, a system that is away.
 * A consumer that throws one is given the message again after a while; an API answers 503 unless told otherwise.
 */
export class TransientError extends TroncalError {
  readonly retryable = true;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(code, message, facts, 503);
  }
}

/** The text of whatever was thrown, for messages and logs; follows `cause` one level. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An AggregateError (Node's happy-eyeballs connect) has an empty message; its parts have the facts.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorText).join('; ');
  return error.cause instanceof Error && error.cause.message !== '' ? `${error.message} (${error.cause.message})` : error.message;
}
