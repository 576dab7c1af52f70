import { WEEKDAYS, type RouteNodeOf } from '@troncal/contracts';
import type { FlowClock } from './flow-clock.js';

export type Opening = 'open' | 'closed' | 'holiday';

const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * 60_000;

/** What a schedule says of a moment. Pure; never throws: a time zone that this machine doesn't know counts as UTC. */
export function openingAt(schedule: RouteNodeOf<'schedule'>, clock: FlowClock): Opening {
  const { date, minute } = localTime(clock.at, schedule.timeZone ?? clock.timeZone);
  // Yesterday's hours that go on past midnight are yesterday's, whatever today is.
  const late = hoursOf(schedule, dayBefore(date), clock).some(([from, to]) => to <= from && minute < to);
  if (late || hoursOf(schedule, date, clock).some(([from, to]) => minute >= from && (to <= from || minute < to))) return 'open';
  return !Object.hasOwn(schedule.dates, date) && isHoliday(schedule, date, clock) ? 'holiday' : 'closed';
}

/** A day's opening hours in minutes since its midnight; an end at or before its beginning is one of the next day. */
function hoursOf(schedule: RouteNodeOf<'schedule'>, date: string, clock: FlowClock): (readonly [from: number, to: number])[] {
  const named = Object.hasOwn(schedule.dates, date) ? schedule.dates[date] : undefined;
  const hours = named ?? (isHoliday(schedule, date, clock) ? [] : (schedule.hours[weekdayOf(date)] ?? []));
  return hours.map((each) => [minuteOf(each.slice(0, 5)), minuteOf(each.slice(6))]);
}

function isHoliday({ holidays }: RouteNodeOf<'schedule'>, date: string, clock: FlowClock): boolean {
  if (!holidays) return false;
  return holidays.dates.includes(date) || (holidays.country !== undefined && clock.isHoliday(date, holidays.country));
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function weekdayOf(date: string): (typeof WEEKDAYS)[number] {
  // getUTCDay counts from Sunday.
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
}

const dayBefore = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);

/** A formatter costs some hundred times what its use does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', { timeZone: isZone(timeZone) ? timeZone : 'UTC', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  formatters.set(timeZone, made);
  return made;
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function localTime(at: Date, timeZone: string): { readonly date: string; readonly minute: number } {
  const parts = Object.fromEntries(formatterOf(timeZone).formatToParts(at).map(({ type, value }) => [type, value]));
  return { date: `${parts['year']}-${parts['month']}-${parts['day']}`, minute: (Number(parts['hour']) * 60 + Number(parts['minute'])) % DAY_MINUTES };
}
