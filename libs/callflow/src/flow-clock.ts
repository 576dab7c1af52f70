import type { HolidayCountry } from '@troncal/contracts';
import { isNationalHoliday } from './holidays/national-holidays.js';

/**
 * What a flow may know of the time. Given by the driver with every step, since the interpreter itself looks at no clock: the same input gives the same
 * step, on every rail and in every replay.
 */
export interface FlowClock {
  /** The moment of this step. */
  readonly at: Date;
  /** IANA zone of schedules that name none: the tenant's. */
  readonly timeZone: string;
  /** Whether a local date, YYYY-MM-DD, is a national holiday of that country. */
  readonly isHoliday: (date: string, country: HolidayCountry) => boolean;
}

/** The clock of a tenant, with the national holidays that are known here. */
export function clockAt(at: Date, timeZone: string): FlowClock {
  return { at, timeZone, isHoliday: isNationalHoliday };
}
