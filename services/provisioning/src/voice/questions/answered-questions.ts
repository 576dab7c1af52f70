/** Questions of Twilio's that were answered rightly and in time. */
export interface AnswerTally {
  readonly environment: string;
  /** `_`: of nobody's call. */
  readonly tenant: string;
  readonly answered: number;
}

/** One that was not, as far as it is known here. */
export interface QuestionFailure {
  readonly environment: string;
  readonly tenant: string;
  /** By {@link questionOf}: the same for all who tell of it. */
  readonly question: string;
  readonly at: Date;
  /** The caller heard an excuse; the answer was there too late; Twilio has taken the fallback; Twilio's debugger tells of it. */
  readonly witness: 'excuse' | 'late' | 'fallback' | 'alert';
  readonly detail: string;
}

/** Keeps whether Twilio got its answers. Rejects while the database is away. */
export abstract class AnsweredQuestions {
  /** Adds the tallies; of failures each question counts once, whoever else told of it. */
  abstract keep(tallies: readonly AnswerTally[], failures: readonly QuestionFailure[]): Promise<void>;
}
