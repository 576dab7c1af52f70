import { TwilioError } from '../wire/twilio-error.js';
import { dayOf } from './usage.js';

/** First and last day. */
export interface Period {
  readonly from: string;
  readonly until: string;
}

export type Recurrence = 'daily' | 'monthly' | 'yearly' | 'alltime';

const DAY_MS = 86_400_000;
const LONGEST = 1_000;
const lengthOf = { daily: 10, monthly: 7, yearly: 4 } as const;

/** The day, month or year (UTC) that this day is in, or all time. */
export function periodAround(day: string, how: Recurrence): Period {
  if (how === 'alltime') return { from: '0000-00-00', until: '9999-12-31' };
  if (how === 'daily') return { from: day, until: day };
  if (how === 'yearly') return { from: `${day.slice(0, 4)}-01-01`, until: `${day.slice(0, 4)}-12-31` };
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return { from: `${day.slice(0, 7)}-01`, until: dayOf(new Date(Date.UTC(year, month, 0))) };
}

/** All the days, months or years between two days, the last first. @throws TwilioError 400 for too many */
export function periodsIn({ from, until }: Period, how: 'daily' | 'monthly' | 'yearly'): Period[] {
  const found: Period[] = [];
  for (let at = new Date(until).getTime(); at >= new Date(from).getTime(); at -= DAY_MS) {
    const day = dayOf(new Date(at));
    if (found.at(-1)?.from.slice(0, lengthOf[how]) === day.slice(0, lengthOf[how])) continue;
    found.push(periodAround(day, how));
    if (found.length > LONGEST) throw new TwilioError(400, 20001, 'StartDate and EndDate are too far apart');
  }
  return found.map((each) => ({ from: each.from < from ? from : each.from, until: each.until > until ? until : each.until }));
}
