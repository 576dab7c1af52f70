import type { HolidayCountry } from '@troncal/contracts';
import { dayOfWeek, easter, fixed, nth, shifted, toMonday } from './calendar-rules.js';

/**
 * The national holidays of a year, sorted: those that a law in force fixes by date, by weekday or by Easter, for the years from 2024 on. Not among them
 * are days that a decree sets year by year (Argentina's bridges and holidays moved off a weekend, election days) and those of regions and cities: routes
 * name these themselves.
 */
export function nationalHolidays(country: HolidayCountry, year: number): readonly string[] {
  const key = `${country}${year}`;
  const known = tables.get(key);
  if (known) return known;
  const made = [...new Set(RULES[country](year))].toSorted();
  tables.set(key, made);
  return made;
}

/** Whether a date, YYYY-MM-DD, is a national holiday; see `nationalHolidays` for what that covers. */
export function isNationalHoliday(date: string, country: HolidayCountry): boolean {
  return nationalHolidays(country, Number(date.slice(0, 4))).includes(date);
}

const tables = new Map<string, readonly string[]>();

const RULES: Readonly<Record<HolidayCountry, (year: number) => string[]>> = {
  /** Ley 27.399 (2017), arts. 1, 6 and 7. */
  AR: (year) => [
    fixed(year, 1, 1), easter(year, -48), easter(year, -47), fixed(year, 3, 24), fixed(year, 4, 2), easter(year, -2), fixed(year, 5, 1), fixed(year, 5, 25), fixed(year, 6, 20),
    fixed(year, 7, 9), fixed(year, 12, 8), fixed(year, 12, 25),
    ...[fixed(year, 6, 17), fixed(year, 8, 17), fixed(year, 10, 12), fixed(year, 11, 20)].map(argentineMove),
  ],

  /**
   * Ley 2.977, Código del Trabajo art. 35 and 35 ter, and what changed them: leyes 19.668 (29 June, 12 October), 20.148 (16 July), 20.215 and 20.983
   * (September, 2 January), 20.299 (31 October), 21.357 (winter solstice).
   */
  CL: (year) => [
    fixed(year, 1, 1), ...(dayOfWeek(fixed(year, 1, 1)) === 0 ? [fixed(year, 1, 2)] : []), easter(year, -2), easter(year, -1), fixed(year, 5, 1), fixed(year, 5, 21), chileanSolstice(year),
    chileanMove(fixed(year, 6, 29)), fixed(year, 7, 16), fixed(year, 8, 15), ...chileanSeptember(year), chileanMove(fixed(year, 10, 12)), evangelicalDay(year), fixed(year, 11, 1),
    fixed(year, 12, 8), fixed(year, 12, 25),
  ],

  /** Ley 51 de 1983 (Emiliani), and Ley 2578 de 2026 (9 July). */
  CO: (year) => [
    fixed(year, 1, 1), easter(year, -3), easter(year, -2), fixed(year, 5, 1), fixed(year, 7, 20), fixed(year, 8, 7), fixed(year, 12, 8), fixed(year, 12, 25),
    ...[fixed(year, 1, 6), fixed(year, 3, 19), fixed(year, 6, 29), fixed(year, 8, 15), fixed(year, 10, 12), fixed(year, 11, 1), fixed(year, 11, 11), easter(year, 39), easter(year, 60), easter(year, 68)].map(toMonday),
    ...(year >= 2026 ? [toMonday(fixed(year, 7, 9))] : []),
  ],

  /** Real Decreto 2001/1983, art. 45.1, without what regions choose for themselves; 6 January is kept by all of them. */
  ES: (year) => [
    fixed(year, 1, 1), fixed(year, 1, 6), easter(year, -2), fixed(year, 5, 1), fixed(year, 8, 15), fixed(year, 10, 12), fixed(year, 11, 1), fixed(year, 12, 6), fixed(year, 12, 8), fixed(year, 12, 25),
  ],

  /** Ley Federal del Trabajo, art. 74, with 1 October every six years since the reform of 30 September 2024. */
  MX: (year) => [
    fixed(year, 1, 1), nth(year, 2, 1, 1), nth(year, 3, 1, 3), fixed(year, 5, 1), fixed(year, 9, 16), nth(year, 11, 1, 3), fixed(year, 12, 25), ...(year % 6 === 2 ? [fixed(year, 10, 1)] : []),
  ],

  /** Decreto Legislativo 713, art. 6, with leyes 31381 (9 December), 31530 (6 August), 31788 (7 June) and 31822 (23 July). */
  PE: (year) => [
    fixed(year, 1, 1), easter(year, -3), easter(year, -2), fixed(year, 5, 1), fixed(year, 6, 7), fixed(year, 6, 29), fixed(year, 7, 23), fixed(year, 7, 28), fixed(year, 7, 29), fixed(year, 8, 6),
    fixed(year, 8, 30), fixed(year, 10, 8), fixed(year, 11, 1), fixed(year, 12, 8), fixed(year, 12, 9), fixed(year, 12, 25),
  ],

  /** 5 U.S.C. § 6103 and Executive Order 11582: the day itself, and the working day it is observed on; that of 1 January may be in the year before. */
  US: (year) => [
    ...[fixed(year, 1, 1), fixed(year, 6, 19), fixed(year, 7, 4), fixed(year, 11, 11), fixed(year, 12, 25), fixed(year + 1, 1, 1)].flatMap((date) => [date, observed(date)]).filter((date) => date.startsWith(`${year}-`)),
    nth(year, 1, 1, 3), nth(year, 2, 1, 3), nth(year, 5, 1, -1), nth(year, 9, 1, 1), nth(year, 10, 1, 2), nth(year, 11, 4, 4),
  ],
};

/** Tuesday and Wednesday to the Monday before, Thursday and Friday to the one after; not onto 20 June, which is one itself (so in 2022). */
function argentineMove(date: string): string {
  const moves: Readonly<Record<number, number>> = { 2: -1, 3: -2, 4: 4, 5: 3 };
  const moved = shifted(date, moves[dayOfWeek(date)] ?? 0);
  return moved.endsWith('-06-20') ? date : moved;
}

/** Tuesday to Thursday to the Monday before, Friday to the one after. */
function chileanMove(date: string): string {
  const moves: Readonly<Record<number, number>> = { 2: -1, 3: -2, 4: -3, 5: 3 };
  return shifted(date, moves[dayOfWeek(date)] ?? 0);
}

/** 18 and 19 September, and a day that makes the weekend one with them. */
function chileanSeptember(year: number): string[] {
  const bridges: Readonly<Record<number, number>> = { 2: 17, 3: 20, 6: 17 };
  const bridge = bridges[dayOfWeek(fixed(year, 9, 18))];
  return [fixed(year, 9, 18), fixed(year, 9, 19), ...(bridge === undefined ? [] : [fixed(year, 9, bridge)])];
}

/** 31 October; a Tuesday gives way to the Friday before, a Wednesday to the one after. */
function evangelicalDay(year: number): string {
  const moves: Readonly<Record<number, number>> = { 2: -4, 3: 2 };
  const date = fixed(year, 10, 31);
  return shifted(date, moves[dayOfWeek(date)] ?? 0);
}

/** The day of the winter solstice in Chile's time: the 20th in leap years and those after them, the 21st else; so until 2050. */
function chileanSolstice(year: number): string {
  return fixed(year, 6, year % 4 < 2 ? 20 : 21);
}

/** A Saturday is observed on the Friday before, a Sunday on the Monday after. */
function observed(date: string): string {
  const moves: Readonly<Record<number, number>> = { 0: 1, 6: -1 };
  return shifted(date, moves[dayOfWeek(date)] ?? 0);
}
