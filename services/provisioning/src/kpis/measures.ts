import type { KpiFigures } from '@troncal/contracts';
import type { QuestionCounts } from '../availability/availability.repository.js';
import type { ComplaintCounts, MeasuredCounts } from '../call-quality/quality-counts.js';
import { addUp, NO_CALLS, type KpiCost, type KpiCounts } from './kpi.js';
import type { DayOf } from './kpi.repository.js';

/** All that is known of some tenants and days, as it was counted. */
export interface Measures {
  readonly calls: readonly DayOf<KpiCounts>[];
  readonly costs: readonly DayOf<KpiCost>[];
  readonly questions: readonly DayOf<QuestionCounts>[];
  readonly quality: readonly DayOf<MeasuredCounts>[];
  readonly complaints: readonly DayOf<ComplaintCounts>[];
}

type Key = 'tenant' | 'day';

/** One part for each tenant, or day, of which anything is known; in order. */
export function measuresBy(key: Key, measures: Measures): [string, Measures][] {
  const { calls, costs, questions, quality, complaints } = measures;
  const keys = new Set([...calls, ...costs, ...questions, ...quality, ...complaints].map((each) => each[key]));
  const those = <T>(all: readonly DayOf<T>[], value: string): DayOf<T>[] => all.filter((each) => each[key] === value);
  return [...keys].toSorted().map((value) => [
    value, { calls: those(calls, value), costs: those(costs, value), questions: those(questions, value), quality: those(quality, value), complaints: those(complaints, value) },
  ]);
}

/** Their sums and averages. */
export function figuresOf(measures: Measures): KpiFigures {
  const { calls, answered, failed, refused, sip4xx, sip5xx, rung, ringMs, answeredMs, minutes } = measures.calls.reduce((sum, { of }) => addUp(sum, of), NO_CALLS);
  const total = <T>(all: readonly DayOf<T>[], of: (each: T) => number): number => all.reduce((sum, each) => sum + of(each.of), 0);
  const questionsFailed = total(measures.questions, (each) => each.failed);
  const legs = total(measures.quality, (each) => each.legs);
  const packets = total(measures.quality, (each) => each.packets);
  const average = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);
  return {
    calls, answered, failed, refused, sip4xx, sip5xx, minutes, connection: calls === 0 ? null : (calls - failed) / calls,
    averageRingMs: rung === 0 ? null : Math.round(ringMs / rung), averageAnsweredMs: answered === 0 ? null : Math.round(answeredMs / answered),
    questions: total(measures.questions, (each) => each.answered) + questionsFailed, questionsFailed,
    measuredLegs: legs, poorLegs: total(measures.quality, (each) => each.poor),
    averageMos: average(total(measures.quality, (each) => each.mos), legs), packetLoss: average(total(measures.quality, (each) => each.lost), packets),
    averageJitterMs: average(total(measures.quality, (each) => each.jitterMs), legs), complaints: total(measures.complaints, (each) => each.complaints),
    cost: addUpCosts(measures.costs.map(({ of }) => of)),
  };
}

function addUpCosts(costs: readonly KpiCost[]): KpiCost[] {
  const byCurrency = Map.groupBy(costs, ({ currency }) => currency);
  return [...byCurrency].map(([currency, each]) => ({ currency, micros: each.reduce((sum, { micros }) => sum + micros, 0) })).toSorted((one, two) => one.currency.localeCompare(two.currency));
}
