import type { HolidayCountry } from '@troncal/contracts';
import { describe, expect, it } from 'vitest';
import { isNationalHoliday, nationalHolidays } from './national-holidays.js';

/**
 * What the countries published for 2026, without what a decree set for that year alone: AR argentina.gob.ar (feriados nacionales), CL dt.gob.cl and chileatiende.cl,
 * CO Ley 51/1983 with Ley 2578/2026, ES the Resolución of the Dirección General de Trabajo in the BOE of 28 October 2025, MX Ley Federal del Trabajo art. 74,
 * PE gob.pe (feriados), US opm.gov (federal holidays).
 */
const IN_2026: Readonly<Record<HolidayCountry, string>> = {
  AR: '01-01 02-16 02-17 03-24 04-02 04-03 05-01 05-25 06-15 06-20 07-09 08-17 10-12 11-23 12-08 12-25',
  CL: '01-01 04-03 04-04 05-01 05-21 06-21 06-29 07-16 08-15 09-18 09-19 10-12 10-31 11-01 12-08 12-25',
  CO: '01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-13 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25',
  ES: '01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25',
  MX: '01-01 02-02 03-16 05-01 09-16 11-16 12-25',
  PE: '01-01 04-02 04-03 05-01 06-07 06-29 07-23 07-28 07-29 08-06 08-30 10-08 11-01 12-08 12-09 12-25',
  US: '01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25',
};

describe('national holidays', () => {
  it.each(Object.entries(IN_2026) as [HolidayCountry, string][])('of %s in 2026 are those published', (country, days) => {
    expect(nationalHolidays(country, 2026)).toEqual(days.split(' ').map((day) => `2026-${day}`));
  });

  it.each([
    ['CL', '2024-06-20', 'the solstice of a leap year'],
    ['CL', '2024-09-20', 'a Friday after Wednesday and Thursday'],
    ['CL', '2027-09-17', 'a Friday before Saturday and Sunday'],
    ['CL', '2029-09-17', 'a Monday before Tuesday and Wednesday'],
    ['CL', '2023-01-02', 'a Monday after New Year’s Sunday'],
    ['CL', '2023-10-09', 'a Thursday 12 October, on its Monday'],
    ['CL', '2023-10-27', 'a Tuesday 31 October, on the Friday before'],
    ['CL', '2029-11-02', 'a Wednesday 31 October, on the Friday after'],
    ['AR', '2027-06-21', 'a Thursday 17 June, on the Monday after'],
    ['AR', '2022-06-17', 'a Friday 17 June, which stays'],
    ['MX', '2024-10-01', 'the change of the president'],
    ['MX', '2030-10-01', 'the change of the president, six years on'],
    ['US', '2021-12-31', 'a Saturday 1 January, observed in the year before'],
    ['US', '2027-07-05', 'a Sunday 4 July, observed on Monday'],
    ['CO', '2024-05-13', 'Ascension, on Monday'],
  ] as const)('know of %s %s: %s', (country, date, _why) => {
    expect(isNationalHoliday(date, country)).toBe(true);
  });

  it.each([
    ['CL', '2023-10-12', 'the day that was moved'],
    ['CL', '2026-09-17', 'no bridge where 18 September is a Friday'],
    ['MX', '2026-10-01', 'no change of the president'],
    ['CO', '2025-07-14', 'a holiday of a law that came later'],
    ['US', '2026-12-31', 'no observed New Year'],
  ] as const)('know %s %s not to be one: %s', (country, date, _why) => {
    expect(isNationalHoliday(date, country)).toBe(false);
  });
});
