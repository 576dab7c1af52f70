import { AnsweredQuestions } from '../voice/questions/answered-questions.js';
import type { DayOf, KpiRange } from '../kpis/kpi.repository.js';

/** Twilio's questions of one tenant and day. */
export interface QuestionCounts {
  readonly answered: number;
  readonly failed: number;
}

/** Questions and our own probes of one environment. */
export interface EnvironmentCounts extends QuestionCounts {
  readonly environment: string;
  readonly probesAnswered: number;
  readonly probesFailed: number;
}

/** Keeps whether Twilio got answers. */
export abstract class AvailabilityRepository extends AnsweredQuestions {
  /** Of a tenant, in all environments, or of all tenants with `_`. */
  abstract questions(range: KpiRange): Promise<DayOf<QuestionCounts>[]>;
  /** By environment: those of the tenant with the probes since it was declared there, or all. Days of probes are the tenant's own; UTC for all. */
  abstract environments(range: KpiRange): Promise<EnvironmentCounts[]>;
  /** Which of these failed questions are kept already. */
  abstract kept(environment: string, questions: readonly string[]): Promise<ReadonlySet<string>>;
  abstract addProbes(environment: string, at: Date, answered: number, failed: number): Promise<void>;
  /** True for one replica, and not again for so long, ms. */
  abstract takeTurn(environment: string, what: 'probe' | 'alerts', everyMs: number): Promise<boolean>;
}
