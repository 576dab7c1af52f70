/** Dates of one year, from which holidays are named. All of them are YYYY-MM-DD in the proleptic Gregorian calendar, without a time zone. */

const DAY_MS = 86_400_000;

/** 0 is Sunday. */
type DayOfWeek = 0 | 1 | 2 | 3 | 4 | 5 | 6;

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`);

/** A date of a year; months and days count from 1. */
export function fixed(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** A date so many days later, or earlier. */
export function shifted(date: string, days: number): string {
  return new Date(noon(date).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

export function dayOfWeek(date: string): number {
  return noon(date).getUTCDay();
}

/** The nth such day of a month, e.g. the third Monday; -1 is the last one. */
export function nth(year: number, month: number, day: DayOfWeek, n: number): string {
  if (n < 0) {
    const last = fixed(year, month + 1, 0);
    return shifted(last, -((dayOfWeek(last) - day + 7) % 7));
  }
  const first = fixed(year, month, 1);
  return shifted(first, ((day - dayOfWeek(first) + 7) % 7) + 7 * (n - 1));
}

/** Easter Sunday of the Gregorian calendar, shifted by days (Meeus, Astronomical Algorithms, ch. 8). */
export function easter(year: number, days = 0): string {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const m = Math.floor((a + 11 * d + 22 * e) / 451);
  const f = d + e - 7 * m + 114;
  return shifted(fixed(year, Math.floor(f / 31), (f % 31) + 1), days);
}

/** The next Monday, or the date itself if it is one. */
export function toMonday(date: string): string {
  return shifted(date, (8 - dayOfWeek(date)) % 7);
}
